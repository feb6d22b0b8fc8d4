"""Undo for what the user changes about the run: the run before comes back as it was trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from rnnviz.session.run import Run

LIMIT = 20
"""Changes that can be taken back; each keeps a whole run with its checkpoints in memory."""


def change_words(field: str, value: Any) -> str:
    """A setting and its new value, as the menu says it."""
    if field == "bidirectional":
        return "both directions" if value else "forward only"
    name = {"clip_norm": "clip ‖g‖", "window": "BPTT window"}.get(field, field.replace("_", " "))
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


class ReplaceRun(QUndoCommand):
    """Put another run on the table; undone, the one before returns with all it has learned.

    Made again, that run comes back which was left when it was undone: a learning rate taken back in
    the past of a run has begun a branch of it.
    """

    def __init__(
        self,
        text: str,
        before: Run,
        after: Run,
        put: Callable[[Run], Run],
        *,
        first: Callable[[], object] | None = None,
    ) -> None:
        """`put` returns the run that was left; `first`: how the other run comes on the table the
        first time, if not by `put`."""
        super().__init__(text)
        self._before, self._after, self._put = before, after, put
        self._first = first

    def redo(self) -> None:
        first, self._first = self._first, None
        if first is None:
            self._before = self._put(self._after)
        else:
            first()

    def undo(self) -> None:
        self._after = self._put(self._before)

    def follow(self, run: Run, branch: Run) -> None:
        """The run that was left had, by then, been left for that branch of it."""
        if self._before is run:
            self._before = branch

    def leads_to(self, run: Run) -> bool:
        """Whether it puts that run on the table."""
        return self._after is run


class RunChanges(QUndoStack):
    """What the user has changed about the run, and which of it the worker has not seen yet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setUndoLimit(LIMIT)
        self._on_way: list[ReplaceRun] = []
        """The changes that lead to the run asked for last from the one that the worker was at."""
        self.indexChanged.connect(self._drop)

    def leave(self, change: ReplaceRun) -> None:
        """Another run is about to come on the table."""
        self._on_way.append(change)
        self.push(change)

    def arrived(self) -> None:
        """The run that was asked for last is there."""
        self._on_way.clear()

    def branched(self, before: Run, branch: Run) -> None:
        """That run had become a branch of it before the worker left it for what is on its way."""
        for change in self._on_way:
            change.follow(before, branch)

    def take_out(self, run: Run, instead: Run) -> None:
        """Forget the change to a run that could not be made: what came after it, if anything, came
        after the one `instead`, which has stayed on the table."""
        for change in map(self.command, range(self.count())):
            if isinstance(change, ReplaceRun):
                change.setObsolete(change.isObsolete() or change.leads_to(run))
                change.follow(run, instead)
        self._drop()

    @Slot()
    def _drop(self) -> None:
        """Qt drops what is obsolete when it comes to it, and does nothing else then."""
        while self.canUndo() and self._is_obsolete(self.index() - 1):
            self.undo()
        while self.canRedo() and self._is_obsolete(self.index()):
            self.redo()

    def _is_obsolete(self, place: int) -> bool:
        change = self.command(place)
        return change is not None and change.isObsolete()
