"""A training loop at hand, told what to do and asked what it said."""

from collections.abc import Callable
from queue import SimpleQueue

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.loop import TrainingLoop
from rnnviz.session.mailbox import Mailbox, ShownPass
from rnnviz.session.run import Run
from rnnviz.trace import Trace
from tests.session.runs import hello


class Desk:
    """A loop with everything it talks to, worked in the test's own thread."""

    def __init__(self, run: Run | None = None) -> None:
        self.run = hello() if run is None else run
        self.mailbox: Mailbox[ShownPass] = Mailbox()
        self.commands: SimpleQueue[c.Command] = SimpleQueue()
        self.events: list[e.Event] = []
        self.reactions: list[tuple[type, Callable[[], None]]] = []
        self.loop = TrainingLoop(self.run, self.mailbox, self.commands, self._note)

    def work(self, *commands: c.Command) -> list[e.Event]:
        for command in commands:
            self.commands.put(command)
        self.loop.work()
        return self.events

    def after(self, kind: type, *commands: c.Command) -> None:
        """Send commands when the first event of that kind is reported."""

        def send() -> None:
            for command in commands:
                self.commands.put(command)

        self.reactions.append((kind, send))

    def shown(self) -> Trace | None:
        """The newest pass for whoever draws, if there is one."""
        newest = self.mailbox.take()
        return None if newest is None else newest.trace

    def _note(self, event: e.Event) -> None:
        self.events.append(event)
        for reaction in list(self.reactions):
            if isinstance(event, reaction[0]):
                self.reactions.remove(reaction)
                reaction[1]()
