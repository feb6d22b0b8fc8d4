"""How a pass is looked at: what a figure or a film takes over from the window it is made in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rnnviz.scene.axis import GUTTER, MARGIN, TimeAxis
from rnnviz.scene.levels import Level
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_layout import StripLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """The arrangement of the strips, how deep the stage looks, what is chosen and in sight.

    `unrolled` is the share of the way from the rolled graph (0) to the whole sequence (1), `share`
    the graph's part of the height of the stage. Without an `axis` every step is in sight.
    """

    strips: StripLayout = field(default_factory=StripLayout)
    level: Level = field(default_factory=Level)
    unrolled: float = 1.0
    share: float = 0.56
    selected: str = ""
    still: bool = False
    axis: TimeAxis | None = None

    @property
    def figure_strips(self) -> StripLayout:
        """The arrangement without the titles of what is folded away."""
        return replace(self.strips, open_only=True)

    def framed(self, state: ViewState, width: float) -> ViewState:
        """The state as it is looked at in a picture of that width."""
        axis = state.axis
        if self.axis is not None and self.axis.columns == axis.columns:
            axis = self.axis.resized(GUTTER, max(width - GUTTER - MARGIN, 1.0))
        return replace(state, selected=self.selected, still=self.still, axis=axis)
