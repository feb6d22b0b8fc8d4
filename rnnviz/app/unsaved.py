"""How much of every run is in a file of the user's own: what is beyond that must not be lost."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from rnnviz.session.run import Run


class Unsaved:
    """Knows every run that there still is, on the table or for undo."""

    def __init__(self) -> None:
        self._safe: WeakKeyDictionary[Run, int] = WeakKeyDictionary()

    def add(self, run: Run, safe: int = 0) -> None:
        """A run that has come on the table; nothing is forgotten of one that comes back."""
        self._safe.setdefault(run, safe)

    def note(self, run: Run, iteration: int) -> None:
        """Up to that iteration the run is in a file, or nothing that anybody made."""
        self._safe[run] = iteration

    def safe(self, run: Run) -> int:
        """The iteration up to which a run need not be kept."""
        return self._safe.get(run, 0)

    def has(self, run: Run) -> bool:
        """Whether a run has learned something that is in no file."""
        return run.furthest > self.safe(run)

    def every(self, first: Run) -> tuple[Run, ...]:
        """The runs that have: `first`, on the table, before the others, the longest trained of
        which come first."""
        found = [run for run in self._safe if self.has(run)]
        return tuple(sorted(found, key=lambda run: (run is not first, -run.furthest)))
