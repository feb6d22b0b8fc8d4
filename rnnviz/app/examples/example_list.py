"""The examples of one part of the data as a list for Qt, with the latest replies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPixmap

from rnnviz.app.examples.words import verdict
from rnnviz.session.questions import Pixels, Reply
from rnnviz.tasks.base import Example

REPLY = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()


class ExampleList(QAbstractListModel):
    """`DisplayRole` is the title, `DecorationRole` the picture, `REPLY` the newest reply."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Example, ...] = ()
        self._shown: Sequence[Example] = ()
        self._replies: dict[Example, Reply] = {}
        self._pictures: dict[Example, QPixmap] = {}

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not 0 <= index.row() < len(self._shown):
            return None
        example = self._shown[index.row()]
        reply = self._replies.get(example)
        if role == Qt.ItemDataRole.DisplayRole:
            return example.title
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pictures.get(example)
        if role == REPLY:
            return reply
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return f"{example.title}\n{verdict(reply)}" if reply is not None else example.title
        return None

    def show_examples(self, examples: tuple[Example, ...]) -> None:
        """Another part of the data, or another task."""
        self.beginResetModel()
        self._all = self._shown = examples
        self._replies.clear()
        self._pictures.clear()
        self.endResetModel()

    def search(self, words: str) -> None:
        """Keep those whose title or answer has all the words."""
        wanted = words.lower().split()
        self.beginResetModel()
        self._shown = [
            e for e in self._all if all(word in f"{e.title} {e.answer}".lower() for word in wanted)
        ]
        self.endResetModel()

    def example(self, row: int) -> Example:
        return self._shown[row]

    def row_of(self, example: Example | None) -> int:
        """Where it stands in the list, -1 if it is not there."""
        if example is None:
            return -1
        if len(self._shown) == len(self._all):
            there = example.index < len(self._all) and self._all[example.index] == example
            return example.index if there else -1
        return next((row for row, other in enumerate(self._shown) if other == example), -1)

    def between(self, first: int, last: int) -> tuple[Example, ...]:
        """The examples in rows ``first`` to ``last``, as far as there are such."""
        return tuple(self._shown[max(first, 0) : last + 1])

    def take(self, replies: Iterable[Reply]) -> None:
        """Show newer replies."""
        for reply in replies:
            self._replies[reply.example] = reply
            if reply.picture is not None and reply.example not in self._pictures:
                self._pictures[reply.example] = pixmap_of(reply.picture)
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def reply(self, row: int) -> Reply | None:
        return self._replies.get(self._shown[row])


def pixmap_of(pixels: Pixels) -> QPixmap:
    """Pixels (h, w, 3) as Qt draws them."""
    height, width = pixels.shape[:2]
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    return QPixmap.fromImage(image)
