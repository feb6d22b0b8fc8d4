"""A figure of the laboratory to take along: its numbers copied or saved, its picture saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from rnnviz.analysis import table_rows, write_arrays
from rnnviz.analysis.progress import Progress
from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.lab.figure_analyses import numbers_behind
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.worker import Done, LabWorker
from rnnviz.app.picture_dialog import PICTURES
from rnnviz.export.render import write_picture
from rnnviz.export.tables import tabbed
from rnnviz.scene.numbers import grouped
from rnnviz.trace import UserError

Way = Literal["copy", "save", "picture"]
_KEY = "numbers to take along"
_TITLE = "Take this figure along"
_MOST_COPIED = 200_000
_PIXELS_OF_A_PNG = 2.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What to say, and the table for the clipboard where there is one."""

    words: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """The ticket of numbers that are on their way."""

    title: str


class Takeaway(QObject):
    """`noted` says what was done, `failed` why it was not. Numbers are computed by the worker."""

    noted = Signal(str)
    failed = Signal(str)

    def __init__(self, worker: LabWorker, dialogs: FileDialogs, parent: QObject) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._worker = worker

    def take(self, card: FigureCard, way: str) -> None:
        """Copy the numbers of the figure on a card, or ask for a file and save them or it."""
        if card.result is None or card.request is None:
            self.failed.emit("This card shows no figure yet: there is nothing to take along.")
            return
        figure = card.figure
        if way == "picture":
            self._save_picture(card)
            return
        path = None
        if way == "save":
            kinds = {"CSV (*.csv)": ".csv", "NumPy (*.npz)": ".npz"}
            path = self._dialogs.to_save(card, "numbers", _TITLE, f"{figure.id}.csv", kinds)
            if path is None:
                return
        job = partial(_numbers, figure.id, figure.title, card.result, card.request, path)
        self._worker.ask(_KEY, TakeOrder(figure.title), job, urgent=True)

    def deliver(self, done: Done) -> None:
        """The numbers have come, or the reason why they have not."""
        taken = done.result
        if not isinstance(taken, Taken):
            self.failed.emit(done.error)
            return
        if taken.table:
            # Spreadsheets take tabs from the clipboard, programs ask for the CSV.
            data = QMimeData()
            data.setText(tabbed(taken.table))
            data.setData("text/csv", taken.table.encode("utf-8"))
            QGuiApplication.clipboard().setMimeData(data)
        self.noted.emit(taken.words)

    def _save_picture(self, card: FigureCard) -> None:
        path = self._dialogs.to_save(card, "figure", _TITLE, f"{card.figure.id}.png", PICTURES)
        picture = card.view.picture
        if path is None or picture is None:
            return
        try:
            write_picture(picture, path, _PIXELS_OF_A_PNG)
        except UserError as error:
            self.failed.emit(str(error))
            return
        self.noted.emit(f"Saved the figure “{card.figure.title}” as {path}")


def _numbers(
    figure: str, title: str, result: object, request: Any, path: Path | None, progress: Progress
) -> Taken:
    arrays = numbers_behind(figure, result, request, progress)
    if path is not None:
        write_arrays(arrays, path)
        return Taken(f"Saved the numbers of “{title}” as {path}")
    kept = {name: array for name, array in arrays.items() if array.size <= _MOST_COPIED}
    words = f"Copied the numbers of “{title}” as a table"
    if left := [name for name in arrays if name not in kept]:
        words += (
            f", without {', '.join(left)}: more than {grouped(_MOST_COPIED)} numbers, save them"
        )
    return Taken(words, _table(kept))


def _table(arrays: Mapping[str, NDArray[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table_rows(arrays))
    return out.getvalue()
