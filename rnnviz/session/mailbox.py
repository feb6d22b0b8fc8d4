"""The one-slot mailbox between the trainer and whoever draws: newest wins, nobody waits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from rnnviz.trace import Trace

if TYPE_CHECKING:
    from rnnviz.session.run import Run

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class ShownPass:
    """A pass for whoever draws, and the run whose it is: another may be on the table by now."""

    run: Run
    trace: Trace


class Mailbox(Generic[Item]):
    """One slot and a ``wanted`` flag; one thread puts, another takes.

    The trainer looks at ``wanted`` between iterations, one attribute read, and makes something
    to show only then: a slow reader causes fewer captures, never a queue. No lock is needed:
    the slot is filled and emptied in one step each, so that what is laid in while an older item
    is being taken is there at the next look. Items that were overtaken are counted in ``dropped``.
    """

    def __init__(self, wanted: bool = True) -> None:
        self.wanted = wanted
        self.delivered = 0
        self._taken = 0
        self._slot: deque[Item] = deque(maxlen=1)

    @property
    def dropped(self) -> int:
        """How many items were overtaken before anybody took them."""
        return self.delivered - self._taken - len(self._slot)

    def put(self, item: Item) -> None:
        """Lay the newest item in the slot and note that nothing more is wanted for now."""
        self.wanted = False
        self._slot.append(item)
        self.delivered += 1

    def take(self) -> Item | None:
        """The newest item if there is one; whoever takes it thereby asks for the next."""
        if not self._slot:
            return None
        item = self._slot.pop()
        self._taken += 1
        self.wanted = True
        return item

    def ask(self) -> None:
        """Ask for an item even though none was taken (at the start, after a reset)."""
        self.wanted = True
