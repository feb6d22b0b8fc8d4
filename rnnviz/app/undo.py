"""Undo for what the user changes about the run: the run before comes back as it was trained."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from rnnviz.session.run import Run

LIMIT = 20
"""Changes that can be taken back; each keeps a whole run with its checkpoints in memory."""


class ReplaceRun(QUndoCommand):
    """Put another run on the table; undone, the one before returns with all it has learned."""

    def __init__(self, text: str, before: Run, after: Run, put: Callable[[Run], None]) -> None:
        super().__init__(text)
        self._before, self._after, self._put = before, after, put

    def redo(self) -> None:
        self._put(self._after)

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
