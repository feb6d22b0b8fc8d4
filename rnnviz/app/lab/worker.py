"""The laboratory's own threads: one for figures in their turn, one for what a hand waits for.

No Qt here: jobs are asked for and results are taken on the window's tick, as with the training
worker, so no slot can ever run in these threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread
from time import perf_counter, thread_time

import numpy as np

from rnnviz.analysis.progress import Cancelled, Progress
from rnnviz.session.gate import Gate
from rnnviz.trace import UserError

Job = Callable[[Progress], object]

_JOIN_SECONDS = 120.0
"""A figure of a large model may be long without a report. The window is gone by then; a thread that
lives on while Python ends crashes it."""
_LEAST_REST = 0.02
_LONGEST_REST = 0.2
_REST = 2.0
"""Rest after a job, as a multiple of its processor time: of its own kind in full, of all kinds for
no longer than the longest, so that one slow figure does not keep the others waiting."""
_LONG_SECONDS = 0.5
"""Under a moving slider every answer is outdated when it comes: shorter ones are finished, so that
something is seen before the hand rests."""
_HOLDER = "laboratory"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job: its result or one sentence why there is none."""

    key: str
    ticket: object
    result: object
    error: str
    finished: float
    seconds: float
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    key: str
    kind: str
    ticket: object
    job: Job
    urgent: bool


@dataclass(slots=True)
class _Running:
    asked: _Asked
    begun: float
    unwanted: bool = False
    again: bool = False
    """It was only in the way, and is to be done afterwards."""
    outdated: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it is to end at its next report."""
        late = self.outdated and perf_counter() - self.begun > _LONG_SECONDS
        return self.unwanted or late


class LabWorker:
    """Computes jobs by key. A job that waits is replaced by a newer one of the same key.

    Unhurried work takes at most a third of one core, so that training and the window keep theirs;
    while ``gate`` is closed somebody draws, and it waits at its next report. ``urgent`` jobs
    (somebody drags a slider) have a thread of their own that no other job keeps waiting but one of
    the same ``kind``, which is ended; until their result is taken the trainer rests. Of several
    urgent ones the newest wins, but one that is nearly done is finished.
    """

    def __init__(self) -> None:
        self.gate: Gate | None = None
        self._ready_at: dict[str, float] = {}
        self._changed = Condition()
        self._waiting: dict[str, _Asked] = {}
        self._done: list[Done] = []
        self._running: dict[bool, _Running] = {}
        self._progress: dict[str, tuple[int, int]] = {}
        self._open = True
        self._threads = {False: self._thread(urgent=False)}

    @property
    def hurries(self) -> bool:
        """Whether somebody waits for an answer with a hand on a slider."""
        with self._changed:
            return self._is_awaited()

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        with self._changed:
            return bool(self._running or self._waiting or self._done)

    def progress_of(self, key: str) -> tuple[int, int] | None:
        """How much of how much is done of the job of that key; None before its first report."""
        return self._progress.get(key)

    def ask(
        self, key: str, ticket: object, job: Job, *, urgent: bool = False, kind: str = ""
    ) -> None:
        """Have a job done; ``ticket`` comes back with its result.

        Two jobs of one ``kind`` (the key, if not given) never run at once: they may share what
        they remember.
        """
        with self._changed:
            asked = _Asked(key, kind or key, ticket, job, urgent)
            self._waiting[key] = asked
            if urgent:
                if True not in self._threads:
                    self._threads[True] = self._thread(urgent=True)
                for running in self._running.values():
                    if running.asked.kind == asked.kind:
                        running.outdated = True
                        running.unwanted |= not running.asked.urgent
                        running.again = running.asked.key != key
                if self.gate is not None:
                    self.gate.close(_HOLDER)
            self._changed.notify_all()

    def forget(self, key: str) -> None:
        """Nobody looks at this any more."""
        with self._changed:
            self._waiting.pop(key, None)
            for running in self._running.values():
                if running.asked.key == key:
                    running.unwanted, running.again = True, False
            self._let_train()

    def take(self) -> list[Done]:
        """The results since the last call."""
        with self._changed:
            done, self._done = self._done, []
            self._let_train()
            return done

    def close(self) -> bool:
        """End the threads; False if a job did not stop in time."""
        with self._changed:
            self._open = False
            for running in self._running.values():
                running.unwanted = True
            self._waiting.clear()
            self._let_train()
            self._changed.notify_all()
        for thread in self._threads.values():
            thread.join(_JOIN_SECONDS)
        return not any(thread.is_alive() for thread in self._threads.values())

    def _thread(self, *, urgent: bool) -> Thread:
        name = "rnnviz laboratory, urgent" if urgent else "rnnviz laboratory"
        thread = Thread(target=self._work, args=(urgent,), name=name, daemon=True)
        thread.start()
        return thread

    def _is_awaited(self) -> bool:
        """Whether an urgent job is not taken yet; the lock is held."""
        return (
            True in self._running
            or any(each.urgent for each in self._waiting.values())
            or any(each.urgent for each in self._done)
        )

    def _let_train(self) -> None:
        if self.gate is not None and not self._is_awaited():
            self.gate.open(_HOLDER)

    def _work(self, urgent: bool) -> None:
        while True:
            with self._changed:
                asked = self._await_urgent() if urgent else self._await_next()
                if asked is None:
                    return
                del self._waiting[asked.key]
                running = self._running[urgent] = _Running(asked, perf_counter())
            self._give_way(running)
            begun, spent = perf_counter(), thread_time()
            done = self._attempt(running, begun)
            rest = max(_REST * (thread_time() - spent), _LEAST_REST)
            with self._changed:
                del self._running[urgent]
                self._progress.pop(asked.key, None)
                if done is not None:
                    self._done.append(done)
                elif running.again and self._open:
                    self._waiting.setdefault(asked.key, asked)
                self._let_train()
                self._changed.notify_all()
                if not urgent:
                    self._ready_at[asked.key] = perf_counter() + rest
                    self._rest(min(rest, _LONGEST_REST))

    def _await_urgent(self) -> _Asked | None:
        """The next urgent job whose kind is not at work; None at the end. The lock is held."""
        while self._open:
            for asked in self._waiting.values():
                if asked.urgent and not self._is_at_work(asked.kind):
                    return asked
            self._changed.wait()
        return None

    def _await_next(self) -> _Asked | None:
        """The next job, once there is one to do; None at the end. The lock is held.

        The one whose turn is longest ago: newer jobs of a kind that was just served come more
        often than all of them can be done, and would keep the others waiting.
        """
        while self._open:
            possible = [
                each
                for each in self._waiting.values()
                if not each.urgent and not self._is_at_work(each.kind)
            ]
            asked = min(possible, key=lambda each: self._turn(each.key), default=None)
            left = None if asked is None else self._turn(asked.key) - perf_counter()
            if left is not None and left <= 0.0:
                return asked
            self._changed.wait(left)
        return None

    def _is_at_work(self, kind: str) -> bool:
        return any(running.asked.kind == kind for running in self._running.values())

    def _turn(self, key: str) -> float:
        return self._ready_at.get(key, 0.0)

    def _give_way(self, running: _Running) -> None:
        gate = self.gate
        if gate is None or running.asked.urgent:
            return
        if gate.is_closed and not running.is_over:
            gate.wait()

    def _rest(self, seconds: float) -> None:
        """Let others work, longer than this one has; called with the lock held."""
        end = perf_counter() + seconds
        while self._open:
            left = end - perf_counter()
            if left <= 0:
                return
            self._changed.wait(left)

    def _attempt(self, running: _Running, begun: float) -> Done | None:
        asked = running.asked

        def report(done: int, total: int) -> bool:
            self._progress[asked.key] = done, total
            self._give_way(running)
            return not running.is_over

        result: object = None
        error = ""
        try:
            # What has diverged is infinite, or not a number, in the figure, and says so there.
            with np.errstate(over="ignore", invalid="ignore"):
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
        return Done(asked.key, asked.ticket, result, error, now, now - begun, asked.urgent)
