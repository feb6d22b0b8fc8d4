"""Where in the pass we are: the one cursor that every view follows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnviz.scene.timeline import Operation, Phase, Timeline


@dataclass(frozen=True, slots=True)
class Cursor:
    """An operation of the timeline and how far it has got, 0 (starting) to 1 (done).

    `done` operations are over. `forward_done` columns have all their states, `backward_from` is
    the first column whose gradients are known (`columns` while there are none): views draw as
    computed what lies before the one and from the other on. With two directions a column is
    complete when both have passed it; `Timeline.known` tells more exactly.
    """

    operation: Operation
    progress: float
    columns: int
    done: int
    forward_done: int
    backward_from: int

    @property
    def column(self) -> int:
        return self.operation.column

    @property
    def phase(self) -> Phase:
        return self.operation.phase

    @property
    def node(self) -> str:
        return self.operation.node

    @property
    def at_end(self) -> bool:
        """Whether the operation is done."""
        return self.progress >= 1.0


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
        _forward_done(timeline, done),
        _backward_from(timeline, done),
    )


def _forward_done(timeline: Timeline, done: int) -> int:
    """Columns from the left that have every state."""
    reached = timeline.columns
    for block in timeline.blocks:
        if block.phase != "forward":
            continue
        for slot, (kind, _) in enumerate(block.slots):
            if kind == "state":
                known = block.columns_done(done, slot)
                if len(known) < block.part.steps:
                    # A reverse row is complete only when it has reached the first column.
                    reached = min(reached, block.part.start if block.leftward else known.stop)
    return reached


def _backward_from(timeline: Timeline, done: int) -> int:
    """The first column from which on every state has its gradient."""
    if done <= timeline.backward_start:
        return timeline.columns
    reached = 0
    for block in timeline.blocks:
        if block.phase != "backward":
            continue
        for slot, (kind, _) in enumerate(block.slots):
            if kind == "state":
                known = block.columns_done(done, slot)
                if len(known) < block.part.steps:
                    reached = max(reached, known.start if block.leftward else block.part.stop)
    return reached
