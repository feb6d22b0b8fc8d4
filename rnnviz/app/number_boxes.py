"""Boxes for numbers that never take another one than was typed.

Qt leaves a figure out with which the number would be beyond the range, so that of 120 there 12 is
taken. Here it can be typed, and is refused as a whole: the number before it comes back.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

_REAL = re.compile(r"[+-]?\d+[.,]?(\d*)")


class WholeBox(QSpinBox):
    """A whole number, perhaps between a prefix and a suffix; it counts when it is finished."""

    def __init__(self) -> None:
        super().__init__()
        self.setKeyboardTracking(False)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state, text, position = super().validate(text, position)
        if state == QValidator.State.Invalid and bare(self, text).isdecimal():
            state = QValidator.State.Intermediate
        return state, text, position


class RealBox(QDoubleSpinBox):
    """The same for a number with decimals, of which no more can be typed than it has."""

    def __init__(self) -> None:
        super().__init__()
        self.setKeyboardTracking(False)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state, text, position = super().validate(text, position)
        typed = _REAL.fullmatch(bare(self, text))
        if state == QValidator.State.Invalid and typed and len(typed[1]) <= self.decimals():
            state = QValidator.State.Intermediate
        return state, text, position


def bare(box: QSpinBox | QDoubleSpinBox, text: str) -> str:
    """What is typed between prefix and suffix."""
    return text.removeprefix(box.prefix()).removesuffix(box.suffix()).strip()
