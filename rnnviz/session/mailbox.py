"""The one-slot mailbox between the trainer and whoever draws: newest wins, nobody waits."""

from __future__ import annotations

from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """One slot and a ``wanted`` flag; one thread puts, another takes.

    The trainer looks at ``wanted`` between iterations, one attribute read, and makes something
    to show only then: a slow reader causes fewer captures, never a queue. No lock is needed:
    each attribute is written whole, and an item that was overtaken is counted in ``dropped``.
    """

    def __init__(self, wanted: bool = True) -> None:
        self.wanted = wanted
        self.delivered = 0
        self.dropped = 0
        self._slot: Item | None = None

    def put(self, item: Item) -> None:
        """Lay the newest item in the slot and note that nothing more is wanted for now."""
        self.wanted = False
        if self._slot is not None:
            self.dropped += 1
        self._slot = item
        self.delivered += 1

    def take(self) -> Item | None:
        """The newest item if there is one; whoever takes it thereby asks for the next."""
        item = self._slot
        if item is not None:
            self._slot = None
            self.wanted = True
        return item

    def ask(self) -> None:
        """Ask for an item even though none was taken (at the start, after a reset)."""
        self.wanted = True
