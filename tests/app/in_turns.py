"""A training desk whose worker and builder go on only when a test says so, in any order."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject

from rnnviz.app import builder, session_host
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.session import commands as c
from rnnviz.session.run import Run
from rnnviz.session.weight_change import WeightChange
from rnnviz.trace import Trace


class _Commands:
    """A queue that has a command for who trains after so many looks at the latest."""

    def __init__(self) -> None:
        self.waiting: deque[Any] = deque()
        self.looks: int | None = None

    def put(self, item: Any) -> None:
        self.waiting.append(item)

    def get(self, timeout: float | None = None) -> Any:
        if not self.waiting:
            raise session_host.Empty
        return self.waiting.popleft()

    get_nowait = get

    def empty(self) -> bool:
        if self.waiting or self.looks is None:
            return not self.waiting
        self.looks -= 1
        return self.looks >= 0


class _NoThread:
    def __init__(self, **_: Any) -> None:
        pass

    def start(self) -> None:
        pass

    def join(self, timeout: float | None = None) -> None:
        pass

    def is_alive(self) -> bool:
        return False


class InTurns:
    """The desk, and whose turn it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, parent: QObject, run: Run) -> None:
        self.jobs: deque[Callable[[], None]] = deque()
        jobs = self.jobs

        class Job(_NoThread):
            def __init__(
                self, target: Callable[..., None], args: tuple[Any, ...], **_: Any
            ) -> None:
                self.start = lambda: jobs.append(partial(target, *args))  # type: ignore[method-assign]  # later

        monkeypatch.setattr(session_host, "SimpleQueue", _Commands)
        monkeypatch.setattr(session_host, "Thread", _NoThread)
        monkeypatch.setattr(builder, "Thread", Job)
        self.desk = TrainingDesk(run, parent)
        self.said: list[str] = []
        self.shown: list[Trace] = []
        self.desk.failed.connect(self.said.append)
        self.desk.traced.connect(self.shown.append)
        self.loop = self.desk.host._loop
        self._commands: Any = self.desk.host._commands
        self._events: Any = self.desk.host._events
        self.loop._attempt(self.loop._show_last)
        self.all()

    @property
    def run(self) -> Run:
        return self.desk.run

    @property
    def rests(self) -> bool:
        """Whether nothing is under way."""
        loop, commands = self.loop, self._commands
        waits = loop._postponed or loop._errands.wait or commands.waiting
        waits = waits or self._events.waiting or self.jobs
        return not (waits or self.loop._running or self.desk.building)

    def worker(self, iterations: int = 3) -> None:
        """It trains, if it does, and obeys one command."""
        loop = self.loop
        if loop._running:
            self._commands.looks = iterations
            loop._attempt(loop._train, training=True)
            self._commands.looks = None
        left = loop._errands.wait and not loop._running
        if loop._postponed or self._commands.waiting or left:
            command = loop._errands.next(resting=not loop._running)
            loop._attempt(partial(loop._obey, command), command)

    def builder(self) -> None:
        """It makes the run that was asked for first."""
        if self.jobs:
            self.jobs.popleft()()

    def window(self) -> None:
        """It collects what they have done."""
        self.desk.poll(lambda: True)

    def all(self) -> None:
        """Everybody goes on until nothing is under way; training is paused for that."""
        for turn in range(200):
            for _ in range(4):
                self.worker()
            self.builder()
            self.window()
            if self.rests and turn > 2:
                return
            if self.loop._running and turn > 2 and not self.jobs and not self._commands.waiting:
                self.desk.host.send(c.Pause())
        raise AssertionError("it never comes to rest")

    def set_weight(self, value: float, text: str = "a weight") -> None:
        """Ask for a number of W_hh as the laboratory does."""
        shape = self.run.net.params["W_hh_l0"].shape
        where = np.zeros(shape, bool)
        where[0, 0] = True
        self.desk.set_weights((WeightChange("W_hh_l0", where, np.full(shape, value)),), text)

    @property
    def weight(self) -> float:
        """That number, of the run on the table."""
        return float(self.run.net.params["W_hh_l0"][0, 0])

    @property
    def changes(self) -> list[str]:
        """What undo would take back, the last one first."""
        stack = self.desk.undo_stack
        return [stack.text(place) for place in reversed(range(stack.index()))]
