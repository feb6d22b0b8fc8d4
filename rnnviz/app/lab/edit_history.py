"""The edits of a what-if as a value with a past: undo, redo, and sets that were kept by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rnnviz.analysis import Edit

Edits = tuple[Edit, ...]
Fits = Callable[[Edits], bool]


def _always(edits: Edits) -> bool:
    return True


class EditHistory:
    """Every state is a tuple of edits; dragging one number is one step of the past."""

    def __init__(self) -> None:
        self.edits: Edits = ()
        self.kept: dict[str, Edits] = {}
        self._past: list[Edits] = []
        self._future: list[Edits] = []
        self._open = False

    def put(self, edit: Edit) -> None:
        """Change a number; changing the one that was changed last again replaces its edit."""
        last = self.edits[-1] if self.edits else None
        if last is not None and place_of(last) == place_of(edit):
            edit = replace(edit, label=last.label)
            self._go((*self.edits[:-1], edit), joined=self._open)
        else:
            self._go((*self.edits, edit))
        self._open = True

    def settle(self) -> None:
        """The next change is a step of its own."""
        self._open = False

    def remove(self, index: int) -> None:
        """Take one edit away."""
        self._go(self.edits[:index] + self.edits[index + 1 :])

    def rename(self, index: int, label: str) -> None:
        """Give one edit a name of the user's own; an empty one takes the name away."""
        renamed = replace(self.edits[index], label=label.strip())
        self._go((*self.edits[:index], renamed, *self.edits[index + 1 :]))

    def clear(self) -> None:
        """No edit any more; undo brings them back."""
        if self.edits:
            self._go(())

    def forget(self) -> bool:
        """Neither edits nor a past: another network. Whether there was anything; kept sets stay."""
        had = bool(self.edits or self._past or self._future)
        self.edits = ()
        self._past.clear()
        self._future.clear()
        self._open = False
        return had

    def keep(self, name: str) -> None:
        """Remember the edits under a name."""
        self.kept[name] = self.edits

    def recall(self, name: str) -> None:
        """The edits that were kept under that name."""
        if name in self.kept and self.kept[name] != self.edits:
            self._go(self.kept[name])

    def undo(self, fits: Fits = _always) -> None:
        """Back to the last edits that fit the pass; those between wait for one that they fit."""
        self._step(self._past, self._future, fits)

    def redo(self, fits: Fits = _always) -> None:
        """Forward to the next edits that fit the pass."""
        self._step(self._future, self._past, fits)

    def waiting(self, fits: Fits) -> tuple[Edits, ...]:
        """What was made or undone and does not fit the pass."""
        return tuple(each for each in (*self._past, *self._future) if not fits(each))

    def can_undo(self, fits: Fits = _always) -> bool:
        return any(map(fits, self._past))

    def can_redo(self, fits: Fits = _always) -> bool:
        return any(map(fits, self._future))

    def _step(self, source: list[Edits], target: list[Edits], fits: Fits) -> None:
        if not any(map(fits, source)):
            return
        target.append(self.edits)
        self.edits = source.pop()
        while not fits(self.edits):
            target.append(self.edits)
            self.edits = source.pop()
        self._open = False

    def _go(self, edits: Edits, *, joined: bool = False) -> None:
        if edits == self.edits:
            return
        if not joined:
            self._past.append(self.edits)
        self._future.clear()
        self.edits = edits
        self._open = False


def place_of(edit: Edit) -> tuple[object, ...]:
    """Which number, when and in which sequence."""
    return edit.name, edit.step, edit.index, edit.row
