"""The laboratory's own thread: one job at a time, the newest of a kind wins, nobody waits.

No Qt here: jobs are asked for and results are taken on the window's tick, as with the training
worker, so no slot can ever run in this thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread
from time import perf_counter, thread_time

from rnnviz.analysis.progress import Cancelled, Progress
from rnnviz.session.gate import Gate
from rnnviz.trace import UserError

Job = Callable[[Progress], object]

_JOIN_SECONDS = 10.0
_LEAST_REST = 0.02
_LONGEST_REST = 0.2
_REST = 2.0
"""Rest after a job, as a multiple of its processor time: of its own kind in full, of all kinds for
no longer than the longest, so that one slow figure does not keep the others waiting."""


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
    of one core, so that training and the window keep theirs. While ``gate`` is closed somebody
    draws, and jobs that are not urgent wait at their next report.
    """

    def __init__(self) -> None:
        self.gate: Gate | None = None
        self._ready_at: dict[str, float] = {}
        self._changed = Condition()
        self._waiting: dict[str, _Asked] = {}
        self._done: list[Done] = []
        self._running: str | None = None
        self._is_urgent = False
        self._unwanted = False
        self._open = True
        self.progress: tuple[str, int, int] | None = None
        self._thread = Thread(target=self._work, name="rnnviz laboratory", daemon=True)
        self._thread.start()

    @property
    def hurries(self) -> bool:
        """Whether somebody waits for an answer with a hand on a slider."""
        return self._is_urgent or any(each.urgent for each in tuple(self._waiting.values()))

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return self._running is not None or bool(self._waiting) or bool(self._done)

    def ask(self, key: str, ticket: object, job: Job, *, urgent: bool = False) -> None:
        """Have a job done; ``ticket`` comes back with its result."""
        with self._changed:
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
                key = self._await_next()
                if key is None:
                    return
                asked = self._waiting.pop(key)
                self._running, self._unwanted = key, False
                self._is_urgent = asked.urgent
            self._give_way()
            begun, spent = perf_counter(), thread_time()
            done = self._attempt(key, asked, begun)
            rest = max(_REST * (thread_time() - spent), _LEAST_REST)
            with self._changed:
                self._running, self.progress = None, None
                self._is_urgent = False
                if done is not None:
                    self._done.append(done)
                self._ready_at[key] = perf_counter() + rest
                self._rest(min(rest, _LONGEST_REST))

    def _await_next(self) -> str | None:
        """The key of the next job, once there is one to do; None at the end. The lock is held.

        An urgent one, else the one whose turn is longest ago: newer jobs of a kind that was just
        served come more often than all of them can be done, and would keep the others waiting.
        """
        while self._open:
            for key, asked in self._waiting.items():
                if asked.urgent:
                    return key
            key = min(self._waiting, key=self._turn, default="")
            left = self._turn(key) - perf_counter() if key else None
            if left is not None and left <= 0.0:
                return key
            self._changed.wait(left)
        return None

    def _turn(self, key: str) -> float:
        return self._ready_at.get(key, 0.0)

    def _give_way(self) -> None:
        gate = self.gate
        if gate is not None and gate.is_closed and not self._is_urgent:
            gate.wait()

    def _rest(self, seconds: float) -> None:
        """Let others work, longer than this one has; called with the lock held."""
        end = perf_counter() + seconds
        while self._open and not any(asked.urgent for asked in self._waiting.values()):
            left = end - perf_counter()
            if left <= 0:
                return
            self._changed.wait(left)

    def _attempt(self, key: str, asked: _Asked, begun: float) -> Done | None:
        def report(done: int, total: int) -> bool:
            self.progress = (key, done, total)
            self._give_way()
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
