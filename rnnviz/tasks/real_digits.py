"""Real handwriting: the digits that come with scikit-learn."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data, DataBatch, Pictures, Rows
from rnnviz.tasks.digits import (
    CLASSES,
    digit_architecture,
    digit_baseline,
    digit_data,
    own_digit,
    picture_ink,
)
from rnnviz.tasks.packages import data_file
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.splitting import split_rows
from rnnviz.trace import ModelSpec

REAL_DIGITS = TaskInfo(
    name="digits-real",
    title="which digit is it? (real handwriting, the whole picture at once)",
    kind="one-to-one",
    source="1,797 digits of 43 writers (Alpaydin and Kaynak, UCI), from scikit-learn",
    licence="CC BY 4.0 (UCI), package BSD-3-Clause",
    metric="accuracy",
    modules=("sklearn",),
    extra="data",
)
REAL_DIGIT_ROWS = replace(
    REAL_DIGITS,
    name="digits-real-rows",
    title="which digit is it? (real handwriting, read row by row)",
    kind="many-to-one",
)
_SIDE = 8
_SHOWN = 96
_FULL_INK = 16


@final
class RealDigitTask(SequenceTask):
    """8 × 8 pixels of 17 shades."""

    outputs = CLASSES
    unit = "pictures"

    def __init__(self, rows: bool = False) -> None:
        super().__init__()
        self.info = REAL_DIGIT_ROWS if rows else REAL_DIGITS
        self._by_row = rows
        with gzip.open(data_file("sklearn", "datasets", "data", "digits.csv.gz"), "rt") as file:
            table = np.loadtxt(file, delimiter=",", dtype=np.int64)
        self._rows = split_rows(range(len(table)))
        self._table = table

    @property
    def architecture(self) -> ModelSpec:
        return digit_architecture(_SIDE, by_row=self._by_row)

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.003, batch_size=32, iterations=1000)

    def make(self, split: Split) -> Data:
        table = self._table[self._rows[split]]
        ink = (table[:, :-1].reshape(-1, _SIDE, _SIDE) / _FULL_INK).astype(np.float32)

        def draw(rows: Rows) -> Pictures:
            scale = _SHOWN // _SIDE
            shown = 1 - ink[rows].repeat(scale, 1).repeat(scale, 2)[..., np.newaxis]
            return canvas.to_bytes(np.repeat(shown, 3, axis=-1))[np.newaxis]

        return digit_data(ink, table[:, -1], by_row=self._by_row, draw=draw)

    def baseline(self) -> tuple[float, str]:
        return digit_baseline(self.data("train"), self.data("held-out"))

    def parse_picture(self, picture: NDArray[np.uint8]) -> DataBatch:
        ink = picture_ink(picture, _SIDE, 1.0)
        return own_digit(ink, canvas.resize(picture, _SHOWN), by_row=self._by_row)
