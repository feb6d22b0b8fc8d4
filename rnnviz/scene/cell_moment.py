"""How far the work inside one cell has got: nothing is shown there before it has been computed."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.cell_data import CellData
from rnnviz.scene.state import ViewState

Span = tuple[float, float]
"""Begin and end of something, as shares of the cell's forward or backward step."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Shares from 0 (not begun) to 1 (done) of the cell's step and of its step back."""

    forward: float = 1.0
    backward: float = 1.0

    @property
    def is_over(self) -> bool:
        """Whether the step itself is done and its figures can be told."""
        return self.forward >= 1.0

    @property
    def is_back(self) -> bool:
        """Whether the gradient has gone through."""
        return self.backward >= 1.0


DONE = Moment()


def moment_of(state: ViewState, data: CellData) -> Moment:
    """Where the cursor stands in the work of this cell; without motion it is done at once."""
    timeline, cursor = state.timeline, state.cursor
    position = cursor.operation.index + cursor.progress
    forward = position - timeline.index_of("forward", data.column, "state", data.layer)
    backward = 1.0
    if state.trace.has_gradients:
        backward = position - timeline.index_of("backward", data.column, "state", data.layer)
    shares = (min(max(share, 0.0), 1.0) for share in (forward, backward))
    return Moment(*(float(int(share)) if state.still else share for share in shares))


def share_of(moment: float, span: Span) -> float:
    """How much of a span is over at a moment."""
    begin, end = span
    return min(max((moment - begin) / (end - begin), 0.0), 1.0)
