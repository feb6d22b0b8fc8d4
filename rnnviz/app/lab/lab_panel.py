"""The laboratory's place in the window: one figure in the narrow column, more in a large window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.cards import Card
from rnnviz.app.lab.catalog import Figure
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.tool_button import tool_button
from rnnviz.scene.lab.words import layer_words

_ASIDE_FROM = 760
"""From this width on, the settings of a figure alone stand beside it, not above it."""


class LayerChoice(QWidget):
    """Which layer is looked at; hidden where there is only one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 0)
        self.label = QLabel("layer")
        self.label.setObjectName("muted")
        self.box = QComboBox()
        self.box.setAccessibleName("layer")
        row.addWidget(self.label)
        row.addWidget(self.box, 1)
        self.box.activated.connect(self._tell)

    def _tell(self, index: int) -> None:
        self.chosen.emit(str(self.box.itemData(index)))

    def set_layers(self, names: Sequence[str], chosen: str) -> None:
        """Offer these layers."""
        if [self.box.itemData(i) for i in range(self.box.count())] != list(names):
            self.box.clear()
            for name in names:
                self.box.addItem(layer_words(name), name)
        self.box.setCurrentIndex(self.box.findData(chosen))
        self.setVisible(len(names) > 1)


class LabPanel(QWidget):
    """One figure under its chooser, scrolling, and the button to the large window.

    `large_wanted` names the figure that is to be seen large.
    """

    large_wanted = Signal(str)

    def __init__(self, figures: Sequence[Figure]) -> None:
        super().__init__()
        self.figures = tuple(figures)
        self.layers = LayerChoice()
        self.card = FigureCard(figures, "panel")
        large = tool_button("⤢", "This figure large, in a window of its own")
        large.clicked.connect(lambda: self.large_wanted.emit(self.card.figure.id))
        self.card.add_button(large)
        self.large = large
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.layers)
        column.addWidget(_scrolling(self.card))


class LabWindow(QWidget):
    """Figures in a grid, each with its own chooser, or one of them alone and enlarged.

    Closed, it computes nothing.
    """

    cards_changed = Signal()

    def __init__(self, figures: Sequence[Figure], shown: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Gradient laboratory")
        # Its figures follow the pass: the keys that step, play and train do so here, too.
        self.addActions(parent.actions())
        # Where no frame has a button to close it, as full screen, this is the way out.
        QShortcut(QKeySequence.StandardKey.Close, self).activated.connect(self.close)
        self.figures = tuple(figures)
        self._made = 0
        self.cards: list[FigureCard] = []
        self.alone: FigureCard | None = None
        self.layers = LayerChoice()
        add = QToolButton()
        add.setText("Add a figure")
        add.setAccessibleName("add a figure")
        add.clicked.connect(self._add_another)
        self.add_button = add
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 0)
        head.addWidget(self.layers)
        head.addStretch(1)
        head.addWidget(add)
        inner = QWidget()
        inner.setObjectName("desk")
        self._inner = inner
        self._grid = QGridLayout(inner)
        self._grid.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        self._area = _scrolling(inner)
        column.addWidget(self._area)
        # Settings that come, go or grow change what is left for a figure alone.
        inner.installEventFilter(self)
        for figure in shown:
            self.add(figure)
        # Else its first button would have the focus, and Space.
        self.setFocus()

    def add(self, figure: str) -> FigureCard:
        """One card more."""
        self._made += 1
        card = FigureCard(self.figures, f"window {self._made}")
        card.choose(figure)
        large = tool_button("⤢", "This figure alone and large, or all again")
        large.setCheckable(True)
        large.toggled.connect(lambda on: self.show_alone(card if on else None))
        remove = tool_button("✕", "Take this figure away")
        remove.clicked.connect(lambda: self.remove(card))
        card.large_button = large
        card.add_button(large)
        card.add_button(remove)
        self.cards.append(card)
        self._lay_out()
        self.cards_changed.emit()
        return card

    @Slot()
    def _add_another(self) -> None:
        self.show_alone(None)
        self.add("flow")

    def remove(self, card: FigureCard) -> None:
        """One card less."""
        if card is self.alone:
            self.show_alone(None)
        self.cards.remove(card)
        frame = card.parentWidget()
        if frame is not None:
            self._grid.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._lay_out()
        self.cards_changed.emit()

    def show_figure(self, figure: str) -> FigureCard:
        """That figure alone, on a card of its own if there is none yet."""
        shown = next((card for card in self.cards if card.figure.id == figure), None)
        card = shown if shown is not None else self.add(figure)
        self.show_alone(card)
        return card

    def show_alone(self, card: FigureCard | None) -> None:
        """One card on the whole window, letters and lines enlarged; None: all of them."""
        self.alone = card
        for each in self.cards:
            button = each.large_button
            if button is not None and button.isChecked() != (each is card):
                button.blockSignals(True)
                button.setChecked(each is card)
                button.blockSignals(False)
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lay_out()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._give_room()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        across = 1 if self.alone is not None else max(1, min(3, self.width() // 430))
        for number, card in enumerate(self.cards):
            frame = card.parentWidget()
            if not isinstance(frame, Card):
                frame = Card()
                frame.column.addWidget(card)
            self._grid.addWidget(frame, number // across, number % across)
            frame.setVisible(self.alone is None or card is self.alone)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        self._give_room()

    def _give_room(self) -> None:
        """The figure alone gets the height that is in sight and that nothing else needs."""
        for card in self.cards:
            if card is not self.alone:
                card.body.set_aside(False)
                card.view.set_room(None)
                continue
            card.body.set_aside(self.width() >= _ASIDE_FROM)
            others = self._inner.sizeHint().height() - card.body.sizeHint().height()
            others += card.body.height_beside()
            card.view.set_room(float(self._area.viewport().height() - others))


def _scrolling(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    # A bar that comes and goes would change the width, hence the height, hence the bar.
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if inner.objectName() != "desk":
        inner.setObjectName("panel")
    return area
