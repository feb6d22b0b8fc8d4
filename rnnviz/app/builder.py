"""Builds runs in a thread of their own: reading 100 MB of text must not stop the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import UserError

_JOIN_SECONDS = 120.0
"""Reading or building takes as long as it takes, with the window gone; a thread that lives on
while Python ends crashes it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: `text` says it in the menu, `source` is the file it is made from, if
    there is one."""

    text: str
    config: RunConfig | None = None
    """None where only the file knows it."""
    source: str = ""
    anew: bool = False
    """A run at its beginning is wanted also where one of that configuration is on the table."""


class RunBuilder:
    """One job at a time counts: a newer one makes the result of the older one void."""

    def __init__(self) -> None:
        self._wish: Wish | None = None
        self.later: list[Callable[[], None]] = []
        """What is to be done when that is there, or cannot be made."""
        self._results: SimpleQueue[tuple[int, Run | str]] = SimpleQueue()
        self._threads: list[Thread] = []
        self._newest = 0
        self._done = 0

    @property
    def busy(self) -> bool:
        return self._done < self._newest

    @property
    def wish(self) -> Wish | None:
        """What is being made; None while nothing is."""
        return self._wish if self.busy else None

    def start(self, make: Callable[[], Run], wish: Wish | None = None) -> None:
        """Make a run in the background; `poll` hands it out."""
        self._wish, self.later = wish, []
        self._newest += 1
        number = self._newest
        thread = Thread(target=self._work, args=(number, make), name="rnnviz builder", daemon=True)
        self._threads = [*(t for t in self._threads if t.is_alive()), thread]
        thread.start()

    def cancel(self) -> None:
        """What is being made is wanted no more."""
        self.later = []
        self._newest += 1
        self._done = self._newest

    def poll(self) -> Run | str | None:
        """The newest job's run, or what went wrong in words, once; None while there is nothing."""
        while True:
            try:
                number, result = self._results.get_nowait()
            except Empty:
                return None
            if number == self._newest:
                self._done = number
                return result

    def close(self) -> None:
        """Wait for what is under way."""
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _work(self, number: int, make: Callable[[], Run]) -> None:
        result: Run | str
        try:
            result = make()
        except UserError as error:
            result = str(error)
        except MemoryError:
            result = "not enough memory for this model: use fewer units, layers or sequences"
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
        self._results.put((number, result))
