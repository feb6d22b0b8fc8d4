"""Undo and redo in the menu: of what-if edits in sight, otherwise of what changed the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QUndoGroup

_EDIT = "what-if edit"


class StepWords(QObject):
    """Says in the menu what undo or redo would do; it lives as long as its action."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action)
        self._action, self._word = action, action.text()

    @Slot(str)
    def show(self, what: str) -> None:
        self._action.setText(f"{self._word}: {what.replace('&', '&&')}" if what else self._word)


class Edits(Protocol):
    """What-if edits with their past."""

    @property
    def holds(self) -> bool: ...
    @property
    def can_undo(self) -> bool: ...
    @property
    def can_redo(self) -> bool: ...
    def take_back(self) -> None: ...
    def make_again(self) -> None: ...


class Undoing(QObject):
    """Undo and redo take back, and make again, what is in sight: the what-if edits of the pass on
    the stage, otherwise what changed the run. The menu offers it and says what it is.
    """

    def __init__(
        self,
        stack: QUndoGroup,
        undo: QAction,
        redo: QAction,
        edits: Callable[[], Edits | None],
        parent: QObject,
    ) -> None:
        """`stack` has what changed the run, once there is one; `edits` are those whose pass, or the
        untouched one, stands on the stage."""
        super().__init__(parent)
        self._stack, self._edits = stack, edits
        self._undo, self._redo = undo, redo
        self._undo_words, self._redo_words = StepWords(undo), StepWords(redo)
        self._was_edit = False
        stack.canUndoChanged.connect(self.refresh)
        stack.canRedoChanged.connect(self.refresh)
        stack.indexChanged.connect(self._run_changed)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Offer what can be taken back or made again now."""
        edits, again = self._undone, self._redone
        stack = self._stack
        self._undo.setEnabled(stack.canUndo() if edits is None else edits.can_undo)
        self._redo.setEnabled(stack.canRedo() if again is None else again.can_redo)
        self._undo_words.show(stack.undoText() if edits is None else _EDIT)
        self._redo_words.show(stack.redoText() if again is None else _EDIT)

    def undo(self, on_run: Callable[[], None]) -> None:
        """Take back an edit, or do `on_run`."""
        edits = self._undone
        if edits is None:
            on_run()
        else:
            self._was_edit = True
            edits.take_back()
        self.refresh()

    def redo(self, on_run: Callable[[], None]) -> None:
        """Make an edit again, or do `on_run`."""
        edits = self._redone
        if edits is None:
            on_run()
        else:
            edits.make_again()
        self.refresh()

    @property
    def _undone(self) -> Edits | None:
        edits = self._edits()
        return edits if edits is not None and edits.holds else None

    @property
    def _redone(self) -> Edits | None:
        """The edits while they hold, and after the first of them was taken back."""
        edits = self._edits()
        if edits is None or not (edits.holds or (self._was_edit and edits.can_redo)):
            return None
        return edits

    @Slot()
    def _run_changed(self) -> None:
        self._was_edit = False
        self.refresh()
