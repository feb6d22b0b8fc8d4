"""The foot of the window: the training curve beside sample and examples; it folds to its titles."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QWidget,
)

from rnnviz.app.cards import Card, heading_label

_UNBOUNDED = 16_777_215
"""Qt's largest widget size: no bound at all."""


_HEADINGS = ("Training — drag to travel back", "Training")
"""What stands over the curve, and what of it in a narrow window."""
_NARROW = 720
"""Pixels of the foot below which that heading leaves its room to the score."""


class Foot(QSplitter):
    """Folded it leaves its height to the stage: the figures of the score and the tabs stay in
    sight, and a tab that is clicked brings the foot back. `folded_changed` tells either way."""

    folded_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._curve: QWidget | None = None
        self._tabs: QTabWidget | None = None
        self._cards: tuple[Card, ...] = ()
        self._heading: QLabel | None = None
        self._folded = False
        self.open_height = 0
        """What it takes when it is opened, in logical pixels; 0 leaves that to the window."""

    def furnish(self, curve: QWidget, score: QWidget, tabs: QTabWidget, fold: QAction) -> None:
        """Put the curve with its heading, and the tabs, side by side."""
        self._curve, self._tabs = curve, tabs
        left = Card()
        title = QHBoxLayout()
        title.setContentsMargins(4, 3, 10, 0)
        button = QToolButton()
        button.setObjectName("fold")
        button.setDefaultAction(fold)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName("training and sample below the stage")
        self._button = button
        # Before it is laid out: Qt tells no layout that an arrow takes less room than words.
        self._draw()
        title.addWidget(button)
        self._heading = heading_label(_HEADINGS[1])
        self._heading.setMinimumWidth(self._heading.sizeHint().width())
        title.addWidget(self._heading)
        title.addWidget(score, 1)
        left.column.addLayout(title)
        left.column.addWidget(curve, 1)
        right = Card()
        right.column.addWidget(tabs)
        self._cards = (left, right)
        for card in self._cards:
            self.addWidget(card)
        self.setStretchFactor(0, 1)
        tabs.tabBarClicked.connect(self._unfold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._heading is not None:
            self._heading.setText(_HEADINGS[self.width() < _NARROW])

    @property
    def folded(self) -> bool:
        return self._folded

    @property
    def folded_height(self) -> int | None:
        """The height it keeps while it is folded; None while it is open."""
        return self._titles() if self._folded else None

    def set_folded(self, folded: bool) -> None:
        """Show only the titles, or everything again."""
        if folded == self._folded or self._curve is None or self._tabs is None:
            return
        self._folded = folded
        if folded:
            self.open_height = self.height()
        self._curve.setVisible(not folded)
        pages = self._tabs.findChild(QStackedWidget)
        if pages is not None:
            pages.setVisible(not folded)
        # A splitter takes its own bounds from what is in it.
        for card in self._cards:
            card.setMinimumHeight(self._titles() if folded else 0)
            card.setMaximumHeight(self._titles() if folded else _UNBOUNDED)
        self._share_room(self._titles() if folded else self.open_height)
        self._draw()
        self.folded_changed.emit(folded)

    def _titles(self) -> int:
        assert self._tabs is not None
        return self._tabs.tabBar().sizeHint().height() + 8

    def _share_room(self, height: int) -> None:
        """The splitter around the foot leaves it this height, and the rest to the stage."""
        around = self.parentWidget()
        if isinstance(around, QSplitter) and height:
            around.setSizes([max(around.height() - height, 1), height])

    def _draw(self) -> None:
        arrow = Qt.ArrowType.RightArrow if self._folded else Qt.ArrowType.DownArrow
        self._button.setArrowType(arrow)

    def _unfold(self, _tab: int) -> None:
        self.set_folded(False)
