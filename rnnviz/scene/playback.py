"""Step time as it is lived: play, pause, step and seek over the operations of a pass.

The position counts operations; its whole part picks the operation, the rest says how far it has
got; ``length`` is the very end, where everything is done. No clock in here: `tick` is told how
many seconds have gone by, so a test plays a pass in no time.
"""

from __future__ import annotations

import math
from itertools import pairwise

from rnnviz.scene.timeline import Timeline, Unit

FASTEST = 4096.0
"""Operations per second beyond which faster is no longer seen."""

_CLOSELY = 4.0
"""How much slower a cell works when one looks into it."""


class Playback:
    """Position, direction and speed. `speed` is in operations per second, `unit` is what one
    step of the hand means and what one beat of the animation covers."""

    def __init__(self, timeline: Timeline, speed: float = 2.0) -> None:
        self._timeline = timeline
        self.speed = speed
        self.unit: Unit = "operation"
        self.direction = 0
        self.position = 0.0

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    @property
    def length(self) -> int:
        return len(self._timeline)

    @property
    def playing(self) -> bool:
        return self.direction != 0

    @property
    def at_end(self) -> bool:
        return self.position >= self.length

    def replace(self, timeline: Timeline, position: float) -> None:
        """Go on over another pass."""
        self._timeline = timeline
        self.seek(position)

    def seek(self, position: float) -> None:
        """Go anywhere between 0 and the end; playing goes on from there."""
        self.position = min(max(position, 0.0), float(self.length))

    def toggle(self) -> None:
        """Play forward or pause; at the end, play from the start again."""
        if self.playing:
            self.direction = 0
        else:
            self.play(1)

    def play(self, direction: int) -> None:
        """Run forward (1) or backward (-1); from an end that leaves no way, from the other."""
        if direction > 0 and self.at_end:
            self.position = 0.0
        elif direction < 0 and self.position <= 0.0:
            self.position = float(self.length)
        self.direction = 1 if direction > 0 else -1

    def pause(self) -> None:
        self.direction = 0

    def step(self, count: int) -> None:
        """Move by whole steps of the unit, forward or back, and pause.

        A step forward ends where the operation (or the column, or the pass) is done; stepping
        back from there ends where it began, so that the two undo each other.
        """
        self.pause()
        for _ in range(abs(count)):
            before = self.position
            self.position = self._next() if count > 0 else self._previous()
            if self.position == before:
                return

    def tick(self, seconds: float, *, inside: bool = False) -> bool:
        """Let time go by; True while playing. Pauses by itself at the end or the start.

        `inside` says that one looks into a cell: its own work, played by operation, takes longer.
        """
        if not self.playing:
            return False
        if inside and self.unit == "operation":
            ahead = (
                math.ceil(self.position) - 1 if self.direction < 0 else math.floor(self.position)
            )
            if self._timeline.operation(ahead).kind == "state":
                seconds /= _CLOSELY
        self.seek(self.position + self.direction * self._operations_per_second() * seconds)
        if (self.at_end and self.direction > 0) or (self.position <= 0 and self.direction < 0):
            self.pause()
        return True

    def _operations_per_second(self) -> float:
        """Speed in operations; with larger units a beat covers a column or a pass."""
        if self.unit == "operation" or self.length == 0:
            return min(self.speed, FASTEST)
        if self.unit == "step":
            return min(self.speed * self.length / max(2 * self._timeline.columns, 1), FASTEST * 8)
        return max(self.speed * self.length / 8.0, 1.0)

    def _next(self) -> float:
        if self.at_end:
            return self.position
        index = math.floor(self.position)
        return float(self._end_of_unit(index))

    def _previous(self) -> float:
        if self.position <= 0:
            return 0.0
        index = math.ceil(self.position) - 1
        return float(self._start_of_unit(index))

    def _end_of_unit(self, index: int) -> int:
        if self.unit == "operation":
            return index + 1
        if self.unit == "step":
            return self._timeline.last_of(index) + 1
        return self._boundaries(index)[1]

    def _start_of_unit(self, index: int) -> int:
        if self.unit == "operation":
            return index
        if self.unit == "step":
            return self._first_of(index)
        return self._boundaries(index)[0]

    def _first_of(self, index: int) -> int:
        """First index of the column that the operation belongs to."""
        last = self._timeline.last_of(index)
        here = self._timeline.operation(index)
        first = index
        while first > 0:
            other = self._timeline.operation(first - 1)
            if other.phase != here.phase or self._timeline.last_of(first - 1) != last:
                break
            first -= 1
        return first

    def _boundaries(self, index: int) -> tuple[int, int]:
        """Where the pass (forward, backward, update) around an index begins and ends."""
        back = self._timeline.backward_start
        update = self.length
        if self.length and self._timeline.operation(self.length - 1).phase == "update":
            update = self.length - 1
        edges = sorted({0, min(back, update), update, self.length})
        for low, high in pairwise(edges):
            if low <= index < high:
                return low, high
        return edges[-2] if len(edges) > 1 else 0, self.length
