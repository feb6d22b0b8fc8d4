"""Commands that arrive while a run is replayed: one of them may end the replay early."""

from __future__ import annotations

from collections import deque
from queue import SimpleQueue

from rnnviz.session import commands as c


class Detour:
    """Looks through the commands that arrive during a replay for one that ends it early."""

    def __init__(
        self,
        commands: SimpleQueue[c.Command],
        postponed: deque[c.Command],
        ends: tuple[type[c.Command], ...] = (c.Shutdown,),
    ) -> None:
        """`ends`: other commands that are not kept waiting."""
        self._ends = ends
        self.iteration: int | None = None
        self._commands = commands
        self._postponed = postponed

    def is_wanted(self) -> bool:
        while not self._commands.empty():
            command = self._commands.get()
            if isinstance(command, c.Travel) and not self._postponed:
                self.iteration = command.iteration
                return True
            self._postponed.append(command)
            if isinstance(command, self._ends):
                return True
        return False
