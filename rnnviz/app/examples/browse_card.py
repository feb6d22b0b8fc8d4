"""Browse the examples: which part of the data, a search, ‹ n of N ›, and the list itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.examples.example_list import ExampleList
from rnnviz.app.examples.example_painter import ROW_HEIGHT, ExamplePainter
from rnnviz.app.examples.words import place_words
from rnnviz.app.tool_button import tool_button
from rnnviz.scene.theme import Theme
from rnnviz.tasks.base import Example

_PARTS = (("held-out", "Held-out"), ("train", "Training"))
_MOST_ASKED = 24


class BrowseCard(QWidget):
    """`chosen` tells the example the user wants to see, `part_chosen` the part to list, `looked`
    that other rows are in sight."""

    chosen = Signal(object)
    part_chosen = Signal(str)
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("examples")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 2)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.part = QComboBox()
        for value, text in _PARTS:
            self.part.addItem(text, value)
        self.part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.part.setAccessibleName("which examples")
        self.part.activated.connect(self._tell_part)
        row.addWidget(self.part)
        self.words = QLineEdit()
        self.words.setPlaceholderText("search")
        self.words.setAccessibleName("search the examples")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(50)
        self.words.textChanged.connect(self._search)
        self.words.returnPressed.connect(self.next)
        row.addWidget(self.words, 1)
        self.back = tool_button("‹", "previous example (Ctrl+Up)")
        self.back.clicked.connect(self.previous)
        row.addWidget(self.back)
        self.place = QLabel()
        self.place.setObjectName("muted")
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.place)
        self.on = tool_button("›", "next example (Ctrl+Down)")
        self.on.clicked.connect(self.next)
        row.addWidget(self.on)
        column.addLayout(row)
        self.model = ExampleList(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.painter = ExamplePainter()
        self.list.setItemDelegate(self.painter)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setAccessibleName("list of examples")
        self.list.setMinimumHeight(ROW_HEIGHT)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        self.list.activated.connect(lambda index: self._choose(index.row()))
        self.list.verticalScrollBar().valueChanged.connect(lambda _value: self.looked.emit())
        column.addWidget(self.list, 1)
        self._chosen: Example | None = None
        self._asked_early: Callable[[], None] | None = None
        self._show_place()

    @property
    def row(self) -> int:
        """The row of the example on the stage, -1 if none of the list is."""
        return self.model.row_of(self._chosen)

    def set_theme(self, theme: Theme) -> None:
        self.painter.set_theme(theme)
        self.list.viewport().update()

    def show_part(self, part: str) -> None:
        self.part.setCurrentIndex(max(self.part.findData(part), 0))

    def show_examples(self, examples: tuple[Example, ...]) -> None:
        self._chosen = None
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        self.model.show_examples(examples)
        self._show_place()
        asked, self._asked_early = self._asked_early, None
        if asked is not None and examples:
            asked()

    def show_chosen(self, example: Example | None) -> None:
        """Mark the example that is on the stage; None: the training batch is."""
        self._chosen = example
        row = self.row
        index = self.model.index(row) if row >= 0 else self.model.index(-1)
        flag = QItemSelectionModel.SelectionFlag
        if row >= 0:
            self.list.selectionModel().setCurrentIndex(index, flag.ClearAndSelect)
            self.list.scrollTo(index)
        else:
            self.list.selectionModel().clear()
        self._show_place()

    def in_sight(self) -> tuple[Example, ...]:
        """The examples whose rows are visible now."""
        if not self.model.rowCount():
            return ()
        first = max(self.list.indexAt(QPoint(0, 0)).row(), 0)
        rows = min(self.list.viewport().height() // ROW_HEIGHT + 1, _MOST_ASKED)
        return self.model.between(first, first + rows)

    @Slot()
    def next(self) -> None:
        if not self._waits(self.next):
            self._choose(self.row + 1)

    @Slot()
    def previous(self) -> None:
        if not self._waits(self.previous):
            self._choose(self.row - 1 if self.row >= 0 else self.model.rowCount() - 1)

    def _waits(self, asked: Callable[[], None]) -> bool:
        """Whether the list is still to come, as where its tab has just been opened by this wish."""
        if self.model.rowCount() or self.words.text():
            return False
        self._asked_early = asked
        return True

    def _choose(self, row: int) -> None:
        if 0 <= row < self.model.rowCount():
            self.chosen.emit(self.model.example(row))

    @Slot(str)
    def _search(self, words: str) -> None:
        self.model.search(words)
        self.show_chosen(self._chosen)
        self.looked.emit()

    @Slot(int)
    def _tell_part(self, index: int) -> None:
        self.part_chosen.emit(str(self.part.itemData(index)))

    def _show_place(self) -> None:
        row, count = self.row, self.model.rowCount()
        self.place.setText(place_words(row, count))
        self.back.setEnabled(count > 0 and row != 0)
        self.on.setEnabled(row + 1 < count)
