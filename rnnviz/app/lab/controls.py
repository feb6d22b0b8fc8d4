"""The few settings of a figure: described as values, built as widgets, read as options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSlider, QWidget

from rnnviz.app.number_boxes import WholeBox
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace


@dataclass(frozen=True, slots=True)
class Pick:
    """One of a few words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """A number on a slider, logarithmic or not; `off` is said for the highest position."""

    name: str
    label: str
    low: float
    high: float
    value: float
    log: bool = True
    off: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number; `special` is what its least value means."""

    name: str
    label: str
    low: int
    high: int
    value: int
    special: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """Yes or no."""

    name: str
    label: str


Control = Pick | Slide | Count | Tick
_POSITIONS = 400


class Controls(QWidget):
    """`changed` tells every change by the user; `options` is what holds now."""

    changed = Signal()

    def __init__(self, controls: Sequence[Control] = ()) -> None:
        super().__init__()
        self._fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 2, 10, 2)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        for row, control in enumerate(controls):
            field = _field(control)
            field.changed.connect(self.changed)
            self._fields[control.name] = field
            if isinstance(control, Tick):
                grid.addWidget(field, row, 0, 1, 2)
                continue
            label = QLabel(control.label)
            label.setObjectName("muted")
            label.setBuddy(field.focus)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)

    def options(self) -> dict[str, Any]:
        """The settings by name."""
        return {name: field.value() for name, field in self._fields.items()}

    def take_over(self, other: Controls) -> None:
        """The settings of another card of the same figure."""
        for name, field in self._fields.items():
            if name in other._fields:
                field.set_value(other._fields[name].value())

    def follow(self, trace: Trace, state: ViewState, *, can_apply: bool) -> None:
        """What the stage shows, and whether there is a network to apply things to."""

    def add_row(self, widget: QWidget) -> None:
        """A widget across both columns, under the settings."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def field(self, name: str) -> Field:
        return self._fields[name]


class _Field(QWidget):
    """What every field has, whatever its value is; `focus` takes the keys."""

    changed = Signal()
    focus: QWidget

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


class _PickField(_Field):
    def __init__(self, control: Pick) -> None:
        super().__init__()
        self.box = self.focus = QComboBox()
        for value, text in control.options:
            self.box.addItem(text, value)
        self.box.setAccessibleName(control.label)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(6)
        _alone(self, self.box)
        self.box.activated.connect(self._tell)

    def value(self) -> str:
        return str(self.box.currentData())

    def set_value(self, value: Any) -> None:
        self.box.setCurrentIndex(max(self.box.findData(value), 0))


class _CountField(_Field):
    def __init__(self, control: Count) -> None:
        super().__init__()
        self.box = self.focus = WholeBox()
        self.box.setRange(control.low, control.high)
        self.box.setSpecialValueText(control.special)
        self.box.setValue(control.value)
        self.box.setAccessibleName(control.label)
        _alone(self, self.box)
        self.box.valueChanged.connect(self._tell)

    def value(self) -> int:
        return self.box.value()

    def set_value(self, value: Any) -> None:
        self.box.setValue(int(value))


class _TickField(_Field):
    def __init__(self, control: Tick) -> None:
        super().__init__()
        self.box = self.focus = QCheckBox(control.label)
        _alone(self, self.box)
        self.box.toggled.connect(self._tell)

    def value(self) -> bool:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))


class _SlideField(_Field):
    def __init__(self, control: Slide) -> None:
        super().__init__()
        self._control = control
        self.slider = self.focus = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _POSITIONS)
        self.slider.setPageStep(_POSITIONS // 20)
        self.slider.setAccessibleName(control.label)
        self.number = QLabel()
        self.number.setMinimumWidth(self.number.fontMetrics().horizontalAdvance("0.0000"))
        row = QGridLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 0, 0)
        row.addWidget(self.number, 0, 1)
        self._exact = control.value
        self.set_value(control.value)
        self.slider.valueChanged.connect(self._moved)

    def value(self) -> float:
        return self._exact

    def set_value(self, value: Any) -> None:
        """Show exactly this number, though the slider stands on the nearest position."""
        low, high = self._control.low, self._control.high
        self._exact = min(max(float(value), low), high)
        if self._control.log:
            share = math.log(self._exact / low) / math.log(high / low)
        else:
            share = (self._exact - low) / (high - low)
        self.slider.blockSignals(True)
        self.slider.setValue(round(share * _POSITIONS))
        self.slider.blockSignals(False)
        self._say()

    @Slot(int)
    def _moved(self, position: int) -> None:
        low, high = self._control.low, self._control.high
        share = position / _POSITIONS
        self._exact = (
            low * (high / low) ** share if self._control.log else low + share * (high - low)
        )
        self._say()
        self._tell()

    def _say(self) -> None:
        at_end = self._exact >= self._control.high * (1 - 1e-9)
        text = self._control.off if self._control.off and at_end else short(self._exact, 3)
        self.number.setText(text)
        self.slider.setAccessibleDescription(text)


Field = _PickField | _CountField | _TickField | _SlideField
"""One setting with its value: ``value()`` and ``set_value(value)``."""


def _alone(field: QWidget, inner: QWidget) -> None:
    grid = QGridLayout(field)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.addWidget(inner, 0, 0)
    inner.setMinimumWidth(40)


def _field(control: Control) -> Field:
    match control:
        case Pick():
            return _PickField(control)
        case Count():
            return _CountField(control)
        case Tick():
            return _TickField(control)
        case Slide():
            return _SlideField(control)
