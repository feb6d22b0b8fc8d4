"""Undo for what the user changes about the run: the run before comes back as it was trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QUndoCommand, QUndoStack

from rnnviz.session.run import Run

LIMIT = 20
"""Changes that can be taken back; each keeps a whole run with its checkpoints in memory."""


class StepWords(QObject):
    """Says in the menu what undo or redo would do; it lives as long as its action."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action)
        self._action, self._word = action, action.text()

    @Slot(str)
    def show(self, what: str) -> None:
        self._action.setText(f"{self._word}: {what.replace('&', '&&')}" if what else self._word)


def bind_actions(stack: QUndoStack, undo: QAction, redo: QAction) -> None:
    """Let the menu offer what can be taken back or done again, and say what it is."""
    undo.setEnabled(stack.canUndo())
    redo.setEnabled(stack.canRedo())
    stack.canUndoChanged.connect(undo.setEnabled)
    stack.canRedoChanged.connect(redo.setEnabled)
    stack.undoTextChanged.connect(StepWords(undo).show)
    stack.redoTextChanged.connect(StepWords(redo).show)


def change_words(field: str, value: Any) -> str:
    """A setting and its new value, as the menu says it."""
    if field == "bidirectional":
        return "both directions" if value else "forward only"
    name = {"clip_norm": "clip ‖g‖", "window": "BPTT window"}.get(field, field.replace("_", " "))
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


class ReplaceRun(QUndoCommand):
    """Put another run on the table; undone, the one before returns with all it has learned."""

    def __init__(
        self,
        text: str,
        before: Run,
        after: Run,
        put: Callable[[Run], None],
        *,
        done: bool = False,
    ) -> None:
        """`done`: the other run is on the table already."""
        super().__init__(text)
        self._before, self._after, self._put = before, after, put
        self._done = done

    def redo(self) -> None:
        if not self._done:
            self._put(self._after)
        self._done = False

    def undo(self) -> None:
        self._put(self._before)


class ChangeRate(QUndoCommand):
    """Another learning rate for the run on the table, in force at once."""

    def __init__(self, before: float, after: float, put: Callable[[float], None]) -> None:
        super().__init__(f"learning rate {after:g}")
        self._before, self._after, self._put = before, after, put

    def redo(self) -> None:
        self._put(self._after)

    def undo(self) -> None:
        self._put(self._before)
