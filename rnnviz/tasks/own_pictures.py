"""The user's own pictures: a folder with a sub-folder per class, or with a captions table."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.captioned_pictures import CaptionedPictures
from rnnviz.tasks.dataset import Data, DataBatch, Pictures, Rows
from rnnviz.tasks.logistic import logistic_accuracy
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.picture_files import SHOWN, is_picture, read_pictures
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.splitting import split_rows
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec, UserError

FEWEST_PICTURES = 10
CAPTIONS = "captions.csv"
_SIDE = 16


def picture_task(path: str) -> SequenceTask:
    """The task that the layout of the folder asks for.

    Raises:
        UserError: if the folder is laid out differently or a picture cannot be used.
    """
    folder = Path(path)
    try:
        if os.path.isfile(folder / CAPTIONS):
            files, captions = _captions(folder)
            origin = Origin(path, f"say what is in the pictures of {folder.name}", path)
            return CaptionedPictures(origin, read_pictures(files), captions)
        classes = sorted(entry for entry in folder.iterdir() if os.path.isdir(entry))
        labelled = [
            (file, place.name)
            for place in classes
            for file in sorted(place.iterdir())
            if is_picture(file)
        ]
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    if len({label for _, label in labelled}) < 2:
        raise UserError(
            f"{path} needs a sub-folder of pictures for each of two or more classes, "
            f"or a {CAPTIONS} with the columns file,caption"
        )
    _enough(path, len(labelled))
    pictures = read_pictures([file for file, _ in labelled])
    origin = Origin(path, f"which class is it? ({folder.name})", path)
    return LabelledPictures(origin, pictures, [label for _, label in labelled])


def _captions(folder: Path) -> tuple[list[Path], list[str]]:
    table = folder / CAPTIONS
    files, captions = [], []
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"file", "caption"} <= set(reader.fieldnames or ()):
                raise UserError(f"{table}: the first line must name the columns file,caption")
            for row in reader:
                name, caption = (row["file"] or "").strip(), (row["caption"] or "").strip()
                if not name or not caption:
                    raise UserError(f"{table}, line {reader.line_num}: file or caption is empty")
                if not is_picture(folder / name) or ".." in Path(name).parts:
                    raise UserError(f"{table}, line {reader.line_num}: no picture {name!r} here")
                files.append(folder / name)
                captions.append(caption)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{table}: cannot be read as a table ({error})") from None
    _enough(str(folder), len(files))
    return files, captions


def _enough(path: str, count: int) -> None:
    if count < FEWEST_PICTURES:
        raise UserError(f"{path} has {count} pictures; at least {FEWEST_PICTURES} are needed")


@final
class LabelledPictures(SequenceTask):
    """16 × 16 pixels in colour → class."""

    outputs: Vocabulary
    unit = "pictures"

    def __init__(self, origin: Origin, pictures: NDArray[np.uint8], labels: list[str]) -> None:
        super().__init__()
        self.info = origin.info("one-to-one", "accuracy")
        self.outputs = Vocabulary(tuple(sorted(set(labels))), words=True)
        self._pictures = pictures
        self._labels = labels
        self._rows = split_rows(range(len(labels)))

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="one-to-one",
            input_kind="vector",
            input_size=3 * _SIDE**2,
            hidden_size=128,
            output_size=len(self.outputs),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.002, batch_size=32, iterations=1000)

    def make(self, split: Split) -> Data:
        chosen = self._rows[split]
        labels = [self._labels[row] for row in chosen]
        return self._data(self._pictures[chosen], self.outputs.encode(labels), labels)

    def _data(
        self, pictures: NDArray[np.uint8], targets: NDArray[np.intp], titles: list[str]
    ) -> Data:
        def draw(rows: Rows) -> Pictures:
            return pictures[rows][np.newaxis]

        return Data(
            x=canvas.shrunken(pictures, _SIDE)[:, np.newaxis],
            targets=targets,
            titles=titles,
            draw=draw,
        )

    def baseline(self) -> tuple[float, str]:
        train, held_out = self.data("train"), self.data("held-out")
        assert train.x is not None
        assert held_out.x is not None
        accuracy = logistic_accuracy(
            (train.x[:, 0], train.targets), (held_out.x[:, 0], held_out.targets), len(self.outputs)
        )
        return accuracy, "logistic regression on the pixels"

    def parse_picture(self, picture: NDArray[np.uint8]) -> DataBatch:
        shown = canvas.resize(picture, SHOWN)[np.newaxis]
        unknown = np.array([-1], dtype=np.intp)
        return self._data(shown, unknown, ["your picture"]).batch(np.array([0]))
