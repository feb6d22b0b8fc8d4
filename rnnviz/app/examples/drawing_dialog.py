"""Draw a picture for the network, which answers after every stroke."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.cards import Choice
from rnnviz.app.examples.drawing_pad import TOOLS, DrawingPad
from rnnviz.tasks.canvas import COLOURS

_INK = "ink"
_SWATCH = 18


class DrawingDialog(QDialog):
    """`drawn` tells the picture after every stroke; the window behind stays in use."""

    drawn = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Draw a picture")
        self.setModal(False)
        column = QVBoxLayout(self)
        row = QHBoxLayout()
        self.pad = DrawingPad()
        row.addWidget(self.pad)
        side = QVBoxLayout()
        self._colours = QButtonGroup(self)
        grid = QGridLayout()
        for place, name in enumerate((_INK, *COLOURS)):
            button = self._swatch(name)
            grid.addWidget(button, place // 2, place % 2)
        side.addLayout(grid)
        side.addStretch(1)
        self.back = QPushButton("Undo")
        self.back.clicked.connect(self.pad.take_back)
        side.addWidget(self.back)
        self.fresh = QPushButton("Clear")
        self.fresh.clicked.connect(self.pad.clear)
        side.addWidget(self.fresh)
        for pressed in (self.back, self.fresh):
            # Enter would press the first button of a dialog, whatever has the focus.
            pressed.setAutoDefault(False)
        row.addLayout(side)
        column.addLayout(row)
        self.tool = Choice([(tool, tool, "") for tool in TOOLS], "tool")
        self.tool.set_value("brush")
        self.tool.chosen.connect(self._take_tool)
        column.addWidget(self.tool)
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setMinimumHeight(2 * self.said.fontMetrics().lineSpacing())
        column.addWidget(self.said)
        self._invitation = ""
        self.pad.drawn.connect(self.drawn)
        self.pad.emptied.connect(self.forget)

    def show_said(self, text: str) -> None:
        """What the network makes of the drawing; of a blank sheet it has nothing to say."""
        if not self.pad.is_blank:
            self.said.setText(text)

    @Slot()
    def forget(self) -> None:
        """Nothing has been said about what is drawn."""
        self.said.setText(self._invitation)

    def invite(self, *, shapes: bool) -> None:
        """Shapes in colour, or ink on paper."""
        self.tool.set_value("circle" if shapes else "brush")
        self._take_tool(self.tool.value)
        self._colours.buttons()[1 if shapes else 0].click()
        self._invitation = (
            "Press where a shape is to stand and pull it to its size."
            if shapes
            else "Draw with the mouse; the answer stands here."
        )
        self.forget()

    def _swatch(self, name: str) -> QToolButton:
        color = QColor(30, 30, 34) if name == _INK else QColor.fromRgbF(*COLOURS[name])
        spot = QPixmap(_SWATCH, _SWATCH)
        spot.fill(color)
        button = QToolButton()
        button.setIcon(QIcon(spot))
        button.setIconSize(QSize(_SWATCH, _SWATCH))
        button.setCheckable(True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(lambda _checked=False, color=color: self._take_color(color))
        self._colours.addButton(button)
        return button

    def _take_color(self, color: QColor) -> None:
        self.pad.color = color

    def _take_tool(self, tool: str) -> None:
        self.pad.tool = tool
