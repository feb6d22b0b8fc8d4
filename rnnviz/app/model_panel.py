"""The panel on the left: what the network is, what it learns and how; every edit can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from rnnviz.app.cards import Choice, heading_label
from rnnviz.app.fields import CountField, PickField, RateField
from rnnviz.app.kind_choice import KindChoice
from rnnviz.scene.theme import Theme
from rnnviz.trace.spec import SequenceKind

OPEN_TEXT = "open-text"
"""The task list's last entry: asks for a file instead of naming a task."""

_FACTS_LINES = 4
"""Lines of figures that room is kept for: an LSTM has a recurrent matrix for each gate."""

_CELLS = [
    ("rnn", "RNN", "h_t = φ(W_hh h_{t-1} + W_xh x_t + b_h), φ the activation"),
    ("lstm", "LSTM", "Gates i, f, g, o and a cell state c_t"),
    ("gru", "GRU", "Gates r, z, n; the reset gate after the product"),
    (
        "jordan",
        "Jord.",
        "Jordan network: the previous output is fed back instead of the hidden state",
    ),
]
_ACTIVATIONS = [("tanh", "tanh"), ("relu", "ReLU"), ("linear", "none (linear)")]
_OPTIMIZERS = [
    (name, text)
    for name, text in (
        ("sgd", "SGD"),
        ("momentum", "momentum"),
        ("nesterov", "Nesterov"),
        ("adagrad", "Adagrad"),
        ("rmsprop", "RMSprop"),
        ("adam", "Adam"),
        ("adamw", "AdamW"),
    )
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelValues:
    """What is in force now: the settings of the run on the table, defaults filled in."""

    kind: SequenceKind
    task: str
    cell: str
    activation: str
    """Empty for a cell with gates, whose functions are part of it."""
    hidden_size: int
    layers: int
    bidirectional: bool
    optimizer: str
    learning_rate: float
    schedule: str
    """What scales the learning rate while training goes on; empty if nothing does."""
    clip_norm: float
    window: int
    batch_size: int
    seed: int


class ModelPanel(QScrollArea):
    """Fields and their values in force; `edited` tells what the user wants changed."""

    edited = Signal(str, object)
    """(field name of PanelValues, new value)"""
    refused = Signal(str)
    """Why a value that was typed does not hold."""
    kind_chosen = Signal(str)
    task_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = inside = QWidget()
        inside.setObjectName("panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 4, 10, 6)
        column.setSpacing(5)
        self.kinds = KindChoice()
        self.kinds.chosen.connect(self.kind_chosen)
        column.addWidget(self.kinds)
        column.addSpacing(4)
        column.addWidget(heading_label("Task"))
        self.task = PickField([])
        self.task.setAccessibleName("task")
        self.task.committed.connect(self.task_chosen)
        column.addWidget(self.task)
        column.addSpacing(4)
        column.addWidget(heading_label("Cell"))
        self.cell = Choice(_CELLS, "cell", "cellChoice")
        self.cell.chosen.connect(lambda value: self.edited.emit("cell", value))
        column.addWidget(self.cell)
        column.addSpacing(4)
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(5)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(self._form)
        self.activation = PickField(_ACTIVATIONS)
        self.activation.setToolTip("What makes the state of the sum; none: h is the sum itself")
        self.activation.committed.connect(lambda value: self.edited.emit("activation", value))
        self._row("Activation", self.activation)
        self.hidden_size = self._count("Hidden units", "hidden_size", CountField(1, 2048))
        self.layers = self._count("Layers", "layers", CountField(1, 8))
        self.direction = PickField([("forward", "forward"), ("both", "both ways")])
        self.direction.committed.connect(
            lambda value: self.edited.emit("bidirectional", value == "both")
        )
        self._row("Direction", self.direction)
        self.optimizer = PickField(_OPTIMIZERS)
        self.optimizer.committed.connect(lambda value: self.edited.emit("optimizer", value))
        self._row("Optimiser", self.optimizer)
        self.learning_rate = RateField(1e-8, 100.0)
        self.learning_rate.committed.connect(lambda v: self.edited.emit("learning_rate", v))
        self._row("Learning rate", self.learning_rate)
        self.clip_norm = RateField(0.0, 1e6, "off")
        self.clip_norm.committed.connect(lambda v: self.edited.emit("clip_norm", v))
        self._row("Clip ‖g‖", self.clip_norm)
        self.bptt_window = self._count("BPTT window", "window", CountField(1, 100_000))
        self.batch_size = self._count("Batch size", "batch_size", CountField(1, 4096))
        self.seed = self._count("Seed", "seed", CountField(0, 2**31 - 1))
        self.facts = QLabel()
        self.facts.setObjectName("muted")
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        column.addWidget(self.facts)
        column.addStretch(1)
        self.setWidget(inside)

    def show_tasks(self, tasks: Sequence[tuple[str, str]], current: str) -> None:
        """The tasks of the chosen kind as (name, title); `current` is the one on the table."""
        self.task.clear()
        for name, title in tasks:
            self.task.addItem(title, name)
        self.task.insertSeparator(self.task.count())
        self.task.addItem("Open text…", OPEN_TEXT)
        self.task.set_known(current)

    def show_values(self, values: PanelValues) -> None:
        """Show the settings in force without telling anybody."""
        self.kinds.show_kind(values.kind)
        self.cell.set_value(values.cell)
        self._form.setRowVisible(self.activation, bool(values.activation))
        self.activation.set_known(values.activation)
        self.hidden_size.set_known(values.hidden_size)
        self.layers.set_known(values.layers)
        self.direction.set_known("both" if values.bidirectional else "forward")
        self.optimizer.set_known(values.optimizer)
        self.learning_rate.set_known(values.learning_rate)
        self.learning_rate.setToolTip(values.schedule)
        self.clip_norm.set_known(values.clip_norm)
        self.bptt_window.set_known(values.window)
        self.batch_size.set_known(values.batch_size)
        self.seed.set_known(values.seed)

    def show_facts(self, text: str) -> None:
        """Figures of the network on the table, such as the spectral radius of W_hh."""
        if self.facts.text() != text:
            self.facts.setText(text)

    def set_theme(self, theme: Theme) -> None:
        self.kinds.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where not everything finds room, the sequence kinds give up their words first."""
        super().resizeEvent(event)
        needed = self._inside.sizeHint().height() - self.facts.sizeHint().height()
        needed += _FACTS_LINES * self.facts.fontMetrics().lineSpacing()
        needed += self.kinds.spared if self.kinds.tight else 0
        self.kinds.set_tight(self.viewport().height() < needed)

    def _count(self, title: str, name: str, field: CountField) -> CountField:
        field.committed.connect(lambda value: self.edited.emit(name, value))
        self._row(title, field)
        return field

    def _row(self, title: str, field: QWidget) -> None:
        field.setAccessibleName(title)
        label = QLabel(title)
        label.setObjectName("muted")
        label.setMinimumWidth(84)
        self._form.addRow(label, field)
        if isinstance(field, CountField | RateField):
            field.refused.connect(lambda why: self.refused.emit(f"{title}: {why}"))
