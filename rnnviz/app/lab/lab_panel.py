"""The laboratory's place in the window: one figure in the narrow column, more in a large window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
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
        self.box.textActivated.connect(self.chosen)

    def set_layers(self, names: Sequence[str], chosen: str) -> None:
        """Offer these layers."""
        if [self.box.itemText(i) for i in range(self.box.count())] != list(names):
            self.box.clear()
            self.box.addItems(list(names))
        self.box.setCurrentText(chosen)
        self.setVisible(len(names) > 1)


class LabPanel(QWidget):
    """One figure under its chooser, scrolling, and the button to the large window."""

    large_wanted = Signal()

    def __init__(self, figures: Sequence[Figure]) -> None:
        super().__init__()
        self.figures = tuple(figures)
        self.layers = LayerChoice()
        self.card = FigureCard(figures, "panel")
        large = QToolButton()
        large.setText("⤢")
        large.setToolTip("Several figures in a large window")
        large.setAccessibleName("large laboratory window")
        large.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        large.clicked.connect(self.large_wanted)
        self.card.add_button(large)
        self.large = large
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.layers)
        column.addWidget(_scrolling(self.card))


class LabWindow(QWidget):
    """Figures in a grid, each with its own chooser; closed, it computes nothing."""

    cards_changed = Signal()

    def __init__(self, figures: Sequence[Figure], shown: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Gradient laboratory")
        self._figures = tuple(figures)
        self._made = 0
        self.cards: list[FigureCard] = []
        self.layers = LayerChoice()
        add = QToolButton()
        add.setText("Add a figure")
        add.setAccessibleName("add a figure")
        add.clicked.connect(lambda: self.add("flow"))
        self.add_button = add
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 0)
        head.addWidget(self.layers)
        head.addStretch(1)
        head.addWidget(add)
        inner = QWidget()
        inner.setObjectName("desk")
        self._grid = QGridLayout(inner)
        self._grid.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(_scrolling(inner))
        for figure in shown:
            self.add(figure)

    def add(self, figure: str) -> FigureCard:
        """One card more."""
        self._made += 1
        card = FigureCard(self._figures, f"window {self._made}")
        card.choose(figure)
        remove = QToolButton()
        remove.setText("✕")
        remove.setToolTip("Take this figure away")
        remove.setAccessibleName("take this figure away")
        remove.clicked.connect(lambda: self.remove(card))
        card.add_button(remove)
        self.cards.append(card)
        self._lay_out()
        self.cards_changed.emit()
        return card

    def remove(self, card: FigureCard) -> None:
        """One card less."""
        self.cards.remove(card)
        frame = card.parentWidget()
        if frame is not None:
            self._grid.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._lay_out()
        self.cards_changed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lay_out()
        return super().event(event)

    def _lay_out(self) -> None:
        across = max(1, min(3, self.width() // 430))
        for number, card in enumerate(self.cards):
            frame = card.parentWidget()
            if not isinstance(frame, Card):
                frame = Card()
                frame.column.addWidget(card)
            self._grid.addWidget(frame, number // across, number % across)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < across else 0)


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
