"""The form of one edit: which number, at which step, what happens to it, by how much."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QWidget,
)

from rnnviz.analysis import Edit
from rnnviz.app.lab.edit_targets import Target, local_step, symbol_of, targets, value_at
from rnnviz.app.number_boxes import RealBox, WholeBox
from rnnviz.scene.array_words import letter_of, place_words
from rnnviz.trace import Trace

_ACTIONS = (
    ("set", "set to"),
    ("add", "add"),
    ("scale", "multiply by"),
    ("clamp", "keep between"),
    ("ablate", "ablate (0)"),
)
_POSITIONS = 400
_ANY = -1e6, 1e6
W = TypeVar("W", bound=QWidget)


class EditForm(QWidget):
    """`edited` carries the edit as it stands after every change of the value or the action."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.targets: tuple[Target, ...] = ()
        self._trace: Trace | None = None
        self._offered: object = None
        self._row = 0
        self._filling = False
        self.name = _named(QComboBox(), "number to edit")
        self.name.setMinimumContentsLength(8)
        self.name.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.step = _named(WholeBox(), "step")
        self.whole = QCheckBox("every step")
        self.unit = _named(WholeBox(), "unit or row")
        self.column = _named(WholeBox(), "column")
        self.action = _named(QComboBox(), "what happens to it")
        for value, text in _ACTIONS:
            self.action.addItem(text, value)
        self.value = _named(_number(), "value")
        self.high = _named(_number(), "upper limit")
        self.slider = _named(QSlider(Qt.Orientation.Horizontal), "value, slider")
        self.slider.setRange(0, _POSITIONS)
        self.now = QLabel()
        self.now.setObjectName("muted")
        self._lay_out()
        self.name.activated.connect(self._choose_target)
        for box in (self.step, self.unit, self.column):
            box.valueChanged.connect(self._choose_place)
        self.whole.toggled.connect(self._choose_place)
        self.action.activated.connect(self._choose_action)
        self.value.valueChanged.connect(self._typed)
        self.high.valueChanged.connect(self._typed)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.settled)
        self.value.editingFinished.connect(self.settled)

    @property
    def target(self) -> Target | None:
        index = self.name.currentIndex()
        return self.targets[index] if 0 <= index < len(self.targets) else None

    def set_trace(self, trace: Trace, row: int) -> None:
        """Offer what this pass has; the choice stays where the model is the same."""
        self._trace, self._row = trace, row
        found = targets(trace)
        if (trace.spec, found) != self._offered:
            self._offered = trace.spec, found
            self.targets = found
            self.name.clear()
            for each in self.targets:
                place = "".join(f", {word}" for word in place_words(trace.spec, each.name))
                self.name.addItem(f"{letter_of(each.name)}: {each.words}{place}", each.name)
                tip = f"in a trace and in --edit: {each.name}"
                self.name.setItemData(self.name.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            states = [k for k, each in enumerate(self.targets) if each.words == "hidden state"]
            self.name.setCurrentIndex(states[-1] if states else 0)
            self._limit()
        self._show_now()

    def set_row(self, row: int) -> None:
        self._row = row
        self._show_now()

    def select_node(self, node: str, trace: Trace) -> None:
        """A node was chosen on the stage: offer its number."""
        name, _, place = node.partition("@")
        place, _, unit = place.removesuffix("]").partition("[")
        if name == "x" or name.endswith("_x"):
            tokens = name[:-1] + "tokens"
            name = tokens if any(each.name == tokens for each in self.targets) else name
        if name == "W":
            name = next((each.name for each in self.targets if "W_hh" in each.name), "")
        for index, each in enumerate(self.targets):
            if each.name == name:
                self._filling = True
                self.name.setCurrentIndex(index)
                self._limit()
                if place.isdigit() and each.steps:
                    self.whole.setChecked(False)
                    self.step.setValue(local_step(trace, int(place)) + 1)
                for box, number in zip((self.unit, self.column), unit.split(","), strict=False):
                    if number.isdigit():
                        box.setValue(int(number) + 1)
                self._filling = False
                self._show_now()

    def grip(self, node: str, trace: Trace) -> bool:
        """Make the form set the number at ``h_l0@3[5]``; False if that cannot be edited.

        Of a one-hot input the number taken is the token that is read instead.
        """
        self.select_node(node, trace)
        target, name = self.target, node.partition("@")[0]
        token = target is not None and target.is_token and target.name == f"{name[:-1]}tokens"
        if target is None or (target.name != name and not token):
            return False
        self._filling = True
        self.action.setCurrentIndex(self.action.findData("set"))
        self._filling = False
        return True

    def edit(self) -> Edit | None:
        """The edit as the form says it."""
        target = self.target
        if target is None:
            return None
        action = str(self.action.currentData())
        clamp = action == "clamp"
        high = max(self.high.value(), self.value.value()) if clamp else 1.0
        return Edit(
            name=target.name,
            action="set" if target.is_token else action,  # type: ignore[arg-type]  # from _ACTIONS
            value=0.0 if action == "ablate" and not target.is_token else self.value.value(),
            high=high,
            step=None if target.is_parameter or self.whole.isChecked() else self.step.value() - 1,
            index=self._index(target),
            row=None if target.is_parameter else self._row,
        )

    def _index(self, target: Target) -> tuple[int, ...]:
        return tuple(
            box.value() - 1 for box, _ in zip((self.unit, self.column), target.shape, strict=False)
        )

    def _tell(self) -> None:
        edit = self.edit()
        if edit is not None and not self._filling:
            self.edited.emit(edit)

    @Slot()
    def _choose_target(self) -> None:
        self._limit()
        self._show_now()
        self.settled.emit()

    @Slot()
    def _choose_place(self) -> None:
        self.step.setEnabled(not self.whole.isChecked())
        if not self._filling:
            # While the fields are filled one after the other, together they name no place yet.
            self._show_now()
        self.settled.emit()

    @Slot()
    def _choose_action(self) -> None:
        self._limit()
        self._tell()

    @Slot()
    def _typed(self) -> None:
        target = self.target
        if target is not None:
            self._show_symbol(target)
            share = (self.value.value() - target.low) / max(target.high - target.low, 1e-9)
            self.slider.blockSignals(True)
            self.slider.setValue(round(min(max(share, 0.0), 1.0) * _POSITIONS))
            self.slider.blockSignals(False)
        self._tell()

    def _show_symbol(self, target: Target) -> None:
        """Beside the number of a token what it is."""
        trace, value = self._trace, self.value.value()
        self.value.setSuffix(symbol_of(trace, target, value) if trace is not None else "")

    @Slot(int)
    def _slid(self, position: int) -> None:
        target = self.target
        if target is None:
            return
        value = target.low + position / _POSITIONS * (target.high - target.low)
        self.value.setValue(round(value) if target.is_token else round(value, 4))

    def _limit(self) -> None:
        """Only what this number has: steps, components, a second limit."""
        target = self.target
        if target is None:
            return
        before, self._filling = self._filling, True
        self.step.setRange(1, max(target.steps, 1))
        for box, size in zip((self.unit, self.column), (*target.shape, 0, 0), strict=False):
            box.setRange(1, max(size, 1))
            box.setVisible(size > 0)
        for widget in (self.step, self.whole):
            widget.setVisible(not target.is_parameter)
        for label, shown in (
            (self._step_label, not target.is_parameter),
            (self._unit_label, bool(target.shape)),
        ):
            label.setVisible(shown)
        action = str(self.action.currentData())
        self.action.setVisible(not target.is_token)
        self.value.setDecimals(0 if target.is_token else 4)
        # Of a token there are no others; the slider's ends are no limit for any other number.
        self.value.setRange(*((target.low, target.high) if target.is_token else _ANY))
        self.value.setVisible(action != "ablate" or target.is_token)
        self.slider.setVisible(action != "ablate" or target.is_token)
        self.high.setVisible(action == "clamp" and not target.is_token)
        self._action_label.setText("read" if target.is_token else "action")
        self._show_symbol(target)
        self._filling = before

    def _show_now(self) -> None:
        """The number as it is in the untouched pass, and the slider on it."""
        target, trace = self.target, self._trace
        if target is None or trace is None or target.name not in trace:
            return
        row = min(self._row, trace.batch_size - 1)
        value = value_at(trace, target, self.step.value() - 1, self._index(target), row)
        self.now.setText(f"now {value:.4g}" + (symbol_of(trace, target, value)))
        if str(self.action.currentData()) == "set":
            before, self._filling = self._filling, True
            self.value.setValue(value)
            self._filling = before

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._step_label, self._unit_label = QLabel("step"), QLabel("unit")
        self._action_label = QLabel("action")
        rows: list[tuple[QLabel, tuple[QWidget, ...]]] = [
            (QLabel("edit"), (self.name,)),
            (self._step_label, (self.step, self.whole)),
            (self._unit_label, (self.unit, self.column, self.now)),
            (self._action_label, (self.action, self.value, self.high)),
        ]
        for number, (label, widgets) in enumerate(rows):
            label.setObjectName("muted")
            label.setBuddy(widgets[0])
            line = QHBoxLayout()
            line.setSpacing(4)
            for widget in widgets:
                line.addWidget(widget, 1)
            grid.addWidget(label, number, 0)
            grid.addLayout(line, number, 1)
        grid.addWidget(self.slider, len(rows), 0, 1, 2)


def _number() -> RealBox:
    box = RealBox()
    box.setRange(*_ANY)
    box.setDecimals(4)
    box.setSingleStep(0.1)
    return box


def _named(widget: W, name: str) -> W:
    widget.setAccessibleName(name)
    widget.setMinimumWidth(40)
    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return widget
