"""Where in the pass we are: the one cursor that every view follows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnviz.scene.timeline import Operation, Phase, Timeline


@dataclass(frozen=True, slots=True)
class Cursor:
    """An operation of the timeline and how far it has got, 0 (starting) to 1 (done).

    `done` operations are over: `Timeline.known` tells what has been computed by then.
    """

    operation: Operation
    progress: float
    columns: int
    done: int

    @property
    def column(self) -> int:
        return self.operation.column

    @property
    def phase(self) -> Phase:
        return self.operation.phase

    @property
    def node(self) -> str:
        return self.operation.node


def cursor_at(timeline: Timeline, position: float) -> Cursor:
    """The cursor at a real-valued position between 0 and ``len(timeline)``.

    Between k and k + 1 operation k is under way; at exactly k + 1 it is still the one shown,
    done: a step of the hand ends on what it has just computed.
    """
    index = min(max(math.ceil(position) - 1, 0), timeline.length - 1)
    progress = min(max(position - index, 0.0), 1.0)
    done = index + (1 if progress >= 1.0 else 0)
    return Cursor(
        timeline.operation(index),
        progress,
        timeline.columns,
        done,
    )
