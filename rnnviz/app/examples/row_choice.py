"""Which sequence of the batch stands on the stage: ‹ 3 of 64 ›."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from rnnviz.app.stage_model import StageModel


class RowChoice(QWidget):
    """There only while a batch of several sequences is on the stage."""

    def __init__(self, model: StageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("sequence of the batch")
        self._model = model
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(2)
        self.back = _arrow("‹", "the sequence before in the batch")
        self.back.clicked.connect(lambda: self._move(-1))
        row.addWidget(self.back)
        self.label = QLabel()
        self.label.setObjectName("muted")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.label)
        self.on = _arrow("›", "the next sequence in the batch")
        self.on.clicked.connect(lambda: self._move(1))
        row.addWidget(self.on)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._shown = (0, 0)
        self.hide()
        model.changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        state = self._model.state
        shown = (0, 0) if state is None else (state.row, state.trace.batch_size)
        if shown == self._shown:
            return
        self._shown = shown
        row, count = shown
        self.setVisible(count > 1)
        self.label.setText(f"sequence {row + 1:,} of {count:,}")
        self.back.setEnabled(row > 0)
        self.on.setEnabled(row + 1 < count)

    def _move(self, by: int) -> None:
        if self._model.state is not None:
            self._model.choose_row(self._model.state.row + by)


def _arrow(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRepeat(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setStyleSheet("padding: 0px 7px;")
    return button
