"""Which digit is it? One picture, one answer; or the same picture read row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas, strokes
from rnnviz.tasks.base import JsonValue, Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data, DataBatch, Pictures, Rows, always
from rnnviz.tasks.logistic import logistic_accuracy
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec

DIGITS = TaskInfo(
    name="digits",
    title="which digit is it? (the whole picture at once)",
    kind="one-to-one",
    source="handwriting drawn by the program",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=0.97,
)
DIGIT_ROWS = replace(
    DIGITS,
    name="digits-rows",
    title="which digit is it? (read row by row)",
    kind="many-to-one",
)
CLASSES = Vocabulary(tuple("0123456789"))

_SIDE = 16
_SHOWN = 96
_FILLED = 0.68
_SURELY_INK = 0.4
_COUNT: dict[Split, int] = {"train": 8000, "held-out": 1000}
_INK_COLOUR = np.array([0.13, 0.19, 0.36], np.float32)


@final
class DigitTask(SequenceTask):
    """Pen strokes, 16 × 16 pixels: bent, slanted, thick and thin, spotted and partly rubbed out."""

    outputs = CLASSES
    counts = _COUNT
    unit = "pictures"

    def __init__(self, rows: bool = False) -> None:
        super().__init__()
        self.info = DIGIT_ROWS if rows else DIGITS
        self.options: Mapping[str, JsonValue] = {}
        self._by_row = rows

    @property
    def architecture(self) -> ModelSpec:
        return digit_architecture(_SIDE, by_row=self._by_row)

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.003, batch_size=64, iterations=2000)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((16, ("train", "held-out").index(split)))
        digits = rng.integers(0, 10, _COUNT[split])
        drawn = _Handwriting(digits, rng)
        return digit_data(drawn.pixels(_SIDE), digits, by_row=self._by_row, draw=drawn.pictures)

    def baseline(self) -> tuple[float, str]:
        return digit_baseline(self.data("train"), self.data("held-out"))

    def parse_picture(self, picture: NDArray[np.uint8]) -> DataBatch:
        """One digit, dark on light or light on dark, anywhere in the picture."""
        grey = picture_ink(picture, _SIDE, _FILLED)
        return own_digit(grey, canvas.resize(picture, _SHOWN), by_row=self._by_row)


def digit_architecture(side: int, *, by_row: bool) -> ModelSpec:
    """A tanh layer on all pixels, or a gated cell that reads one row per step."""
    if by_row:
        return ModelSpec(
            kind="many-to-one",
            cell="gru",
            input_kind="vector",
            head="last",
            input_size=side,
            hidden_size=64,
            output_size=10,
        )
    return ModelSpec(
        kind="one-to-one",
        input_kind="vector",
        input_size=side * side,
        hidden_size=128,
        output_size=10,
    )


def digit_data(
    pixels: NDArray[np.float32],
    digits: NDArray[np.intp],
    *,
    by_row: bool,
    draw: Callable[[Rows], Pictures],
) -> Data:
    """Pictures (N, side, side) as one vector each, or as ``side`` rows."""
    n, side, _ = pixels.shape
    return Data(
        x=pixels if by_row else pixels.reshape(n, 1, side * side),
        targets=digits.astype(np.intp),
        titles=[f"a {digit}" for digit in digits],
        draw=draw,
    )


def digit_baseline(train: Data, held_out: Data) -> tuple[float, str]:
    """Logistic regression on the pixels."""
    assert train.x is not None
    assert held_out.x is not None
    accuracy = logistic_accuracy(
        (train.x.reshape(len(train), -1), train.targets),
        (held_out.x.reshape(len(held_out), -1), held_out.targets),
        10,
    )
    return accuracy, "logistic regression on the pixels"


def picture_ink(picture: NDArray[np.uint8], side: int, filled: float) -> NDArray[np.float32]:
    """What is written in a picture, (side, side), 0 paper to 1 ink, brought to the middle so that
    it fills the share ``filled`` of the longer way. Paper is what the corners look like.
    """
    grey = picture.astype(np.float32).mean(axis=-1)
    paper = np.median([grey[0, 0], grey[0, -1], grey[-1, 0], grey[-1, -1]])
    ink = np.abs(grey - paper)
    ink /= max(float(ink.max()), 1.0)
    written = ink > _SURELY_INK
    if not written.any():
        return np.zeros((side, side), np.float32)
    rows, columns = np.flatnonzero(written.any(axis=1)), np.flatnonzero(written.any(axis=0))
    middle = (rows[0] + rows[-1] + 1) // 2, (columns[0] + columns[-1] + 1) // 2
    reach = int(np.ceil(max(np.ptp(rows), np.ptp(columns)) / filled / 2)) + 1
    around = np.pad(ink, reach)
    part = around[middle[0] : middle[0] + 2 * reach, middle[1] : middle[1] + 2 * reach]
    shown = np.rint(np.repeat(part[..., np.newaxis], 3, axis=-1) * 255).astype(np.uint8)
    result: NDArray[np.float32] = np.divide(
        canvas.resize(shown, side)[..., 0], 255, dtype=np.float32
    )
    return result


def own_digit(ink: NDArray[np.float32], shown: NDArray[np.uint8], *, by_row: bool) -> DataBatch:
    """One picture of the user's own, with no known answer."""
    unknown = np.array([-1], dtype=np.intp)

    return digit_data(ink[np.newaxis], unknown, by_row=by_row, draw=always(shown)).batch(
        np.array([0])
    )


class _Handwriting:
    """The pen lines of a set of digits, drawn small for the network and large for people."""

    def __init__(self, digits: NDArray[np.intp], rng: np.random.Generator) -> None:
        n = len(digits)
        self._lines = strokes.pen_lines(digits, rng)
        self._width = rng.uniform(0.14, 0.34, n).astype(np.float32)
        self._noise = rng.normal(0, 0.07, (n, _SIDE, _SIDE)).astype(np.float32)
        self._rubbed = rng.uniform(-0.9, 0.9, (n, 2)).astype(np.float32)
        self._rubbed_radius = np.where(rng.random(n) < 0.5, rng.uniform(0.1, 0.28, n), 0.0)

    def pixels(self, size: int, rows: Rows | None = None) -> NDArray[np.float32]:
        """Ink (n, size, size): 0 paper, 1 ink, with a rubbed-out spot and grain."""
        rows = np.arange(len(self._lines)) if rows is None else rows
        ink = strokes.ink(self._lines[rows], self._width[rows], size)
        px, py = canvas.plane(size)
        spot = self._rubbed[rows][:, :, None, None]
        away = np.hypot(px - spot[:, 0], py - spot[:, 1])
        ink *= np.clip(0.5 + (away - self._rubbed_radius[rows, None, None]) * size / 4, 0, 1)
        grain = np.repeat(np.repeat(self._noise[rows], size // _SIDE, 1), size // _SIDE, 2)
        result: NDArray[np.float32] = np.clip(ink + grain, 0, 1)
        return result

    def pictures(self, rows: Rows) -> Pictures:
        ink = self.pixels(_SHOWN, rows)[..., None]
        paper = np.asarray(canvas.PAPER, np.float32)
        return canvas.to_bytes(paper * (1 - ink) + _INK_COLOUR * ink)[np.newaxis]
