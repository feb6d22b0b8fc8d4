"""How the stage is looked at now, for a figure or a film that is to show the same."""

from __future__ import annotations

from rnnviz.app.stage import Stage
from rnnviz.export.framing import Framing
from rnnviz.scene.state import ViewState


def framing_of(stage: Stage, state: ViewState) -> Framing:
    """The level, the strips and their arrangement, the choice and the stretch of time in sight."""
    above, below = stage.graph.height(), stage.strips.height()
    return Framing(
        strips=stage.strips.strip_layout,
        level=stage.levels.level,
        unrolled=0.0 if stage.levels.unrolling.is_rolled else 1.0,
        share=above / max(above + below, 1),
        selected=state.selected,
        still=state.still,
        axis=state.axis,
    )
