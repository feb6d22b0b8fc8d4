"""Let the model write: a prompt, a temperature, a length, and the text that came out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from rnnviz.app.cards import Card
from rnnviz.app.fields import CountField

_TICKS_PER_UNIT = 20
_LONGEST = 2000


class SampleCard(Card):
    """`asked` tells (prompt, steps, temperature) when the user wants a sample."""

    asked = Signal(str, int, float)

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("")
        self._running = 0
        self._chosen = False
        self._prompt = ""
        self._model: object = None
        row = QHBoxLayout()
        row.setContentsMargins(6, 3, 6, 0)
        self.prompt = QLineEdit()
        self.prompt.setPlaceholderText("first characters")
        self.prompt.setAccessibleName("prompt")
        self.prompt.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.prompt.setMinimumWidth(56)
        self.prompt.setMaximumWidth(160)
        self.prompt.returnPressed.connect(self.ask)
        row.addWidget(self.prompt, 1)
        self.steps = CountField(1, _LONGEST)
        self.steps.committed.connect(self._choose)
        self.steps.setSuffix(" steps")
        self.steps.setAccessibleName("length of the sample")
        row.addWidget(self.steps)
        self.button = QPushButton("Sample")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolTip("Let the model write with its present weights (G)")
        self.button.clicked.connect(action.trigger)
        row.addWidget(self.button)
        self.column.addLayout(row)
        heat = QHBoxLayout()
        heat.setContentsMargins(6, 0, 6, 0)
        self._heat_label = QLabel()
        self._heat_label.setObjectName("muted")
        self._heat_label.setMinimumWidth(
            self._heat_label.fontMetrics().horizontalAdvance("temperature 0.00 (greedy) ")
        )
        heat.addWidget(self._heat_label)
        self.heat = QSlider(Qt.Orientation.Horizontal)
        self.heat.setRange(0, 2 * _TICKS_PER_UNIT)
        self.heat.setValue(_TICKS_PER_UNIT)
        self.heat.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.heat.setAccessibleName("temperature")
        self.heat.setToolTip(
            "Divides the logits: low is sure of itself, high is bold, 0 takes the likeliest"
        )
        self.heat.valueChanged.connect(self._show_heat)
        heat.addWidget(self.heat, 1)
        self.column.addLayout(heat)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.text.setAccessibleName("sampled text")
        self.text.setPlaceholderText("what the model writes, on the graph as a loop")
        self.text.setMinimumHeight(20)
        self.column.addWidget(self.text, 1)
        self._show_heat()

    @property
    def temperature(self) -> float:
        return self.heat.value() / _TICKS_PER_UNIT

    def set_available(self, available: bool, steps: int, model: object) -> None:
        """Not every task has a model that can read what it writes; `steps` is a good length for
        this one, unless the user has chosen another. What was written and asked of another
        `model` goes."""
        self.setEnabled(available)
        if model != self._model:
            self._model, self._chosen, self._running = model, False, 0
            self.prompt.clear()
            self.text.clear()
        if not self._chosen:
            self.steps.set_known(steps)

    def ask(self) -> None:
        self._prompt = self.prompt.text()
        self.asked.emit(self.prompt.text(), self.steps.value(), self.temperature)

    def show_text(self, prompt: str, temperature: float, text: str) -> None:
        """The newest sample on top of the earlier ones."""
        if self.prompt.text() == self._prompt:
            self.prompt.clearFocus()
        self._running += 1
        earlier = self.text.toPlainText()
        newest = f"#{self._running}  T={temperature:.2f}  {prompt}▸{text}"
        self.text.setPlainText("\n".join([newest, *earlier.split("\n")][:200]).rstrip())

    @Slot()
    def refuse(self) -> None:
        """A prompt that could not be read: whoever typed it goes on typing, over it."""
        if self.prompt.hasFocus() and self.prompt.text() == self._prompt:
            self.prompt.selectAll()

    @Slot()
    def _choose(self) -> None:
        self._chosen = True

    def _show_heat(self) -> None:
        greedy = " (greedy)" if self.heat.value() == 0 else ""
        self._heat_label.setText(f"temperature {self.temperature:.2f}{greedy}")
