"""Labelled input fields of the model panel: they tell only what the user has finished typing."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QSpinBox

from rnnviz.app.elided_combo import ElidedCombo
from rnnviz.app.number_boxes import WholeBox, bare

_DECIMALS = 45
"""Qt rounds to so many; no rate that single precision holds may become another number, or none."""


class _NoWheel(QObject):
    """Scrolling the panel must not turn the numbers under the pointer."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class CountField(WholeBox):
    """A whole number; `special` is what its least value means (``all``, ``off``)."""

    committed = Signal(int)
    refused = Signal(str)
    """Why what was typed does not hold."""

    def __init__(self, low: int, high: int, special: str = "") -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSpecialValueText(special)
        _settle(self)
        self._known = self.value()
        self.valueChanged.connect(self._tell)
        self.editingFinished.connect(self._release)

    def set_known(self, value: int) -> None:
        """Show a value that is in force, in range or not; telling nobody."""
        self._known = value
        self.blockSignals(True)
        self.setRange(min(self.minimum(), value), max(self.maximum(), value))
        self.setValue(value)
        self.blockSignals(False)

    def fixup(self, text: str) -> str:
        known = self.textFromValue(self._known)
        span = f"whole number from {self.minimum()} to {self.maximum()}"
        return f"{self.prefix()}{_refuse(self, bare(self, text), span, known)}{self.suffix()}"

    def _tell(self, value: int) -> None:
        if value != self._known:
            self._known = value
            self.committed.emit(value)

    def _release(self) -> None:
        if self.hasFocus():
            self.clearFocus()


class RateField(QDoubleSpinBox):
    """A positive real number on a logarithmic scale: the arrows go 1, 2, 5, 10, …"""

    committed = Signal(float)
    refused = Signal(str)
    """Why what was typed does not hold."""

    def __init__(self, low: float, high: float, special: str = "") -> None:
        super().__init__()
        self.setDecimals(_DECIMALS)
        self.setRange(low, high)
        self.setSpecialValueText(special)
        self.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
        _settle(self)
        self._known = self.value()
        self.valueChanged.connect(self._tell)
        self.editingFinished.connect(self._release)

    def set_known(self, value: float) -> None:
        """Show a value that is in force, in range or not; telling nobody."""
        self._known = value
        self.blockSignals(True)
        self.setRange(min(self.minimum(), value), max(self.maximum(), value))
        self.setValue(value)
        self.blockSignals(False)

    def fixup(self, text: str) -> str:
        span = f"number from {self.minimum():.6g} to {self.maximum():.6g}"
        return _refuse(self, text, span, self.textFromValue(self._known))

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """The number; of an empty or half-typed text, which Qt asks for too, the one in force, and
        of the text that shows this one with fewer figures than it has."""
        if text == self.textFromValue(self._known):
            return self._known
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return self._known

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Any number in range; half-typed ones (``1e-``) may stay until Enter."""
        if text and text == self.specialValueText():
            return QValidator.State.Acceptable, text, position
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            rest = text.strip().lower().replace(",", ".")
            typing = all(c in "0123456789.e+-" for c in rest)
            state = QValidator.State.Intermediate if typing else QValidator.State.Invalid
            return state, text, position
        inside = math.isfinite(value) and self.minimum() <= value <= self.maximum()
        state = QValidator.State.Acceptable if inside else QValidator.State.Intermediate
        return state, text, position

    def stepBy(self, steps: int) -> None:
        value = self.value()
        for _ in range(abs(steps)):
            value = _next_125(value, up=steps > 0)
        self.setValue(min(max(value, self.minimum()), self.maximum()))

    def _tell(self, value: float) -> None:
        if value != self._known:
            self._known = value
            self.committed.emit(value)

    def _release(self) -> None:
        if self.hasFocus():
            self.clearFocus()


class PickField(ElidedCombo):
    """One of a few words; to choose the one in force tells nobody."""

    committed = Signal(str)

    def __init__(self, options: list[tuple[str, str]]) -> None:
        super().__init__()
        self._known: str | None = None
        for value, text in options:
            self.addItem(text, value)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._filter = _NoWheel(self)
        self.installEventFilter(self._filter)
        self.activated.connect(self._tell)

    def set_known(self, value: str) -> None:
        index = self.findData(value)
        if index >= 0:
            self._known = value
            self.setCurrentIndex(index)

    def _tell(self, index: int) -> None:
        value = str(self.itemData(index))
        if value != self._known:
            self._known = value
            self.committed.emit(value)


def _refuse(field: CountField | RateField, text: str, wanted: str, known: str) -> str:
    """Tell why what was typed does not hold; the number in force, as it is shown, comes back."""
    if known == field.textFromValue(field.minimum()):  # type: ignore[arg-type]  # a box says its own kind of number
        known = field.specialValueText() or known
    if text.strip():
        field.refused.emit(f"{text!r} is not a {wanted}; it stays {known}")
    return known


def _settle(field: QSpinBox | QDoubleSpinBox) -> None:
    field.setKeyboardTracking(False)
    field.setMinimumWidth(64)
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.UpDownArrows)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_NoWheel(field))


def _next_125(value: float, *, up: bool) -> float:
    """The next number of the form 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1e-4 if up else 0.0
    exponent = math.floor(math.log10(value) + 1e-9)
    steps = [m * 10.0**e for e in (exponent - 1, exponent, exponent + 1) for m in (1, 2, 5)]
    if up:
        return min(s for s in steps if s > value * (1 + 1e-9))
    return max(s for s in steps if s < value * (1 - 1e-9))
