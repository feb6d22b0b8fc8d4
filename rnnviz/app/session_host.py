"""The worker thread and the GUI thread's only way to it: commands in, events and traces out.

Nothing crosses by Qt signals: the worker puts rare events on a queue and traces into the one-slot
mailbox, and the GUI thread collects both on its own tick. So no slot can ever run in the worker's
thread, and a busy window makes fewer captures, never a backlog.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from PySide6.QtCore import QObject, Signal

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.examiner import Examiner
from rnnviz.session.gate import Gate
from rnnviz.session.loop import TrainingLoop
from rnnviz.session.mailbox import Mailbox, ShownPass
from rnnviz.session.run import Run

_JOIN_SECONDS = 120.0
"""An iteration of the largest models takes half a minute. The window is gone by then; a thread that
lives on while Python ends crashes it."""


class SessionHost(QObject):
    """Owns the training loop and its thread.

    `run` belongs to the worker; the GUI thread reads from it only what never changes (the
    configuration, the task) and the history, which is made for one writer and many readers.
    """

    traced = Signal(object)
    """Trace: a pass of `run` to show."""
    happened = Signal(object)
    """Event: see `rnnviz.session.events`."""

    def __init__(self, run: Run, parent: QObject) -> None:
        super().__init__(parent)
        self.run = run
        self.training = False
        self._mailbox: Mailbox[ShownPass] = Mailbox()
        self._early: ShownPass | None = None
        """A pass that has come before the word that its run is on the table."""
        self._stem: Run | None = None
        """The run that the one on the table is a branch of: its last pass is that of both."""
        self._commands: SimpleQueue[c.Command] = SimpleQueue()
        self._events: SimpleQueue[e.Event] = SimpleQueue()
        self._loop = TrainingLoop(run, self._mailbox, self._commands, self._events.put, Examiner())
        self._thread = Thread(target=self._loop.work, name="rnnviz training", daemon=True)
        self._thread.start()

    @property
    def mailbox(self) -> Mailbox[ShownPass]:
        return self._mailbox

    @property
    def gate(self) -> Gate:
        """Closed, it lets the trainer rest while the window draws."""
        return self._loop.gate

    def send(self, command: c.Command) -> None:
        """Ask the worker; its answer arrives as an event at a later `poll`."""
        self._commands.put(command)

    def poll(self, wants_trace: Callable[[], bool] = lambda: True) -> None:
        """Hand out what the worker has reported since the last call (GUI thread only).

        Whether a pass is wanted is asked after the events: a sample among them has the stage then.
        """
        while True:
            try:
                event = self._events.get_nowait()
            except Empty:
                break
            self._note(event)
            self.happened.emit(event)
        if wants_trace():
            shown = self._mailbox.take() or self._early
            self._early = None
            if shown is not None and shown.run in (self.run, self._stem):
                self.traced.emit(shown.trace)
            else:
                self._early = shown

    def close(self) -> bool:
        """Stop the worker and wait for it; False if it did not end in time."""
        self._commands.put(c.Shutdown())
        self.gate.open()
        self._thread.join(_JOIN_SECONDS)
        return not self._thread.is_alive()

    def _note(self, event: e.Event) -> None:
        match event:
            case e.Started():
                self.training = True
            case e.Paused() | e.Finished() | e.Diverged() | e.Travelled() | e.WasReset():
                self.training = False
            case e.Branched(run, before):
                self.run, self._stem = run, before
            case e.Replaced(run):
                self.run, self._stem = run, None
                self.training = False
            case _:
                pass
