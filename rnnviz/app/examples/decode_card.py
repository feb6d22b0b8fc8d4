"""The same question decoded greedily, by drawing and by beam search, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.elided_label import ElidedLabel
from rnnviz.app.examples.words import RIGHT, likelihood, written_mark
from rnnviz.app.fields import CountField
from rnnviz.app.number_boxes import RealBox
from rnnviz.scene.theme import Theme
from rnnviz.session.events import Decoded

_WIDEST_BEAM = 64


class DecodeCard(QWidget):
    """`asked` tells (temperature, beam width) when the user wants the comparison."""

    asked = Signal(float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("ways of decoding")
        self._theme: Theme | None = None
        self._shown: Decoded | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 2)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.heat = RealBox()
        self.heat.setRange(0.05, 5.0)
        self.heat.setSingleStep(0.1)
        self.heat.setValue(1.0)
        self.heat.setPrefix("T = ")
        self.heat.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heat.setAccessibleName("temperature")
        self.heat.setToolTip("The drawn answers divide the logits by this")
        row.addWidget(self.heat)
        self.width_field = CountField(1, _WIDEST_BEAM)
        self.width_field.set_known(4)
        self.width_field.setPrefix("beam ")
        self.width_field.setMinimumWidth(84)
        self.width_field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.width_field.setAccessibleName("beam width")
        self.width_field.setToolTip("So many beginnings are kept at every step")
        row.addWidget(self.width_field)
        self.button = QPushButton("Compare")
        self.button.setToolTip("Decode what is on the stage in every way")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.ask)
        row.addWidget(self.button)
        self.title = ElidedLabel()
        row.addWidget(self.title, 1)
        column.addLayout(row)
        self.table = QTreeWidget()
        self.table.setColumnCount(3)
        self.table.setHeaderLabels(["how", "ln p", "answer"])
        self.table.setRootIsDecorated(False)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.table.setAccessibleName("answers")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setMinimumHeight(40)
        for part in (0, 1):
            self.table.header().setSectionResizeMode(part, QHeaderView.ResizeMode.ResizeToContents)
        column.addWidget(self.table, 1)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._shown is not None:
            self.show_decoded(self._shown)

    def forget(self) -> None:
        """Nothing has been compared yet."""
        self._shown = None
        self.table.clear()
        self.title.say("")

    @Slot()
    def ask(self) -> None:
        self.asked.emit(self.heat.value(), self.width_field.value())

    def show_decoded(self, decoded: Decoded) -> None:
        """All answers; a tick or a cross says which are right, a star which is the likeliest."""
        self._shown = decoded
        right = f"\nright: {decoded.answer}" if decoded.answer else ""
        title = f"{decoded.title}, at iteration {decoded.iteration:,}"
        self.title.say(title, title + right, decoded.title)
        self.table.clear()
        best = max(w.log_prob for w in decoded.written)
        for written, chance in zip(decoded.written, likelihood(decoded.written), strict=True):
            mark = written_mark(written, decoded.answer)
            star = " ★" if written.log_prob >= best - 1e-9 else ""
            item = QTreeWidgetItem(
                [written.method, chance + star, f"{mark} {written.text or '(nothing)'}".strip()]
            )
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            tip = f"{written.text}\nln p = {chance} over {written.steps} words"
            for part in range(3):
                item.setToolTip(part, tip)
            if mark and self._theme is not None:
                color = self._theme.good if mark == RIGHT else self._theme.bad
                item.setForeground(2, QBrush(QColor.fromRgba(color)))
            self.table.addTopLevelItem(item)
