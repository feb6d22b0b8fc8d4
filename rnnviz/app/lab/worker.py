"""The laboratory's own thread: one job at a time, the newest of a kind wins, nobody waits.

No Qt here: jobs are asked for and results are taken on the window's tick, as with the training
worker, so no slot can ever run in this thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread
from time import perf_counter

from rnnviz.analysis.progress import Cancelled, Progress
from rnnviz.trace import UserError

Job = Callable[[Progress], object]

_JOIN_SECONDS = 10.0
_LEAST_REST = 0.02
_REST = 2.0
"""Rest after a job, as a multiple of its time."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job: its result or one sentence why there is none."""

    key: str
    ticket: object
    result: object
    error: str
    finished: float
    seconds: float


@dataclass(frozen=True, slots=True)
class _Asked:
    ticket: object
    job: Job
    urgent: bool


class LabWorker:
    """Computes jobs by key. A job that waits is replaced by a newer one of the same key.

    ``urgent`` jobs (somebody drags a slider) also end a running job of their key and are not
    kept waiting by the rest that follows every other job: unhurried work takes at most a third
    of one core, so that training and the window keep theirs.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: dict[str, _Asked] = {}
        self._done: list[Done] = []
        self._running: str | None = None
        self._unwanted = False
        self._open = True
        self.progress: tuple[str, int, int] | None = None
        self._thread = Thread(target=self._work, name="rnnviz laboratory", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return self._running is not None or bool(self._waiting)

    def ask(self, key: str, ticket: object, job: Job, *, urgent: bool = False) -> None:
        """Have a job done; ``ticket`` comes back with its result."""
        with self._changed:
            self._waiting.pop(key, None)
            self._waiting[key] = _Asked(ticket, job, urgent)
            if urgent and self._running == key:
                self._unwanted = True
            self._changed.notify()

    def forget(self, key: str) -> None:
        """Nobody looks at this any more."""
        with self._changed:
            self._waiting.pop(key, None)
            if self._running == key:
                self._unwanted = True

    def take(self) -> list[Done]:
        """The results since the last call."""
        with self._changed:
            done, self._done = self._done, []
            return done

    def close(self) -> bool:
        """End the thread; False if a job did not stop in time."""
        with self._changed:
            self._open = False
            self._unwanted = True
            self._waiting.clear()
            self._changed.notify()
        self._thread.join(_JOIN_SECONDS)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._changed:
                while self._open and not self._waiting:
                    self._changed.wait()
                if not self._open:
                    return
                key = self._next()
                asked = self._waiting.pop(key)
                self._running, self._unwanted = key, False
            begun = perf_counter()
            done = self._attempt(key, asked, begun)
            with self._changed:
                self._running, self.progress = None, None
                if done is not None:
                    self._done.append(done)
                self._rest(perf_counter() - begun)

    def _next(self) -> str:
        for key, asked in self._waiting.items():
            if asked.urgent:
                return key
        return next(iter(self._waiting))

    def _rest(self, seconds: float) -> None:
        """Let others work, longer than this one has; called with the lock held."""
        end = perf_counter() + max(_REST * seconds, _LEAST_REST)
        while self._open and not any(asked.urgent for asked in self._waiting.values()):
            left = end - perf_counter()
            if left <= 0:
                return
            self._changed.wait(left)

    def _attempt(self, key: str, asked: _Asked, begun: float) -> Done | None:
        def report(done: int, total: int) -> bool:
            self.progress = (key, done, total)
            return not self._unwanted

        result: object = None
        error = ""
        try:
            result = asked.job(report)
        except Cancelled:
            return None
        except UserError as wrong:
            error = str(wrong)
        except MemoryError:
            error = "not enough memory for this figure: use a shorter sequence or a smaller model"
        except Exception as wrong:
            error = f"this figure could not be computed: {type(wrong).__name__}: {wrong}"
        now = perf_counter()
        return Done(key, asked.ticket, result, error, now, now - begun)
