"""The strips by key: choose one, fold it, move it, resize it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_place import Placed

Pressed = tuple[Qt.Key, Qt.KeyboardModifier]
_NONE, _ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_FOLD = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STRIP_KEYS: frozenset[Pressed] = frozenset(
    [(key, modifier) for key in _STEPS for modifier in (_NONE, _ALT, _SHIFT)]
    + [(key, _NONE) for key in _FOLD]
)
_RESIZED = 12.0
"""Logical pixels of one press."""


def key_of(event: QKeyEvent) -> Pressed:
    """The key with its modifiers, no matter on which side of the keyboard."""
    return Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def chosen_strip(picture: StripsPicture, name: str) -> Placed | None:
    """The strip of that name, or the first one."""
    every = picture.rows
    return next((each for each in every if each.strip.name == name), every[0] if every else None)


def press(
    layout: StripLayout, picture: StripsPicture, chosen: str, pressed: Pressed
) -> tuple[str, StripLayout] | None:
    """What is chosen after a key and how the strips stand then; None if the key says nothing."""
    placed = chosen_strip(picture, chosen)
    if placed is None or pressed not in STRIP_KEYS:
        return None
    (key, modifier), name = pressed, placed.strip.name
    at = picture.rows.index(placed)
    if key in _FOLD:
        return name, layout.toggled(*placed.names)
    step = _STEPS[key]
    if modifier == _ALT:
        return name, picture.moved(layout, name, step)
    if modifier == _SHIFT:
        if placed.collapsed:
            return name, layout
        return name, layout.resized(name, placed.rect.h + step * _RESIZED)
    there = picture.rows[min(max(at + step, 0), len(picture.rows) - 1)]
    return there.strip.name, picture.scrolled_to(layout, there)
