"""The graph in a sentence or two, for those who do not see it."""

from __future__ import annotations

from rnnviz.scene.captions import CELL_NAMES, pass_words, phase_caption
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.totals import over_batch, own_words


def summary(state: ViewState, layout: GraphLayout) -> str:
    """What network, how many steps, which are in sight, and where the pass is."""
    trace, spec = state.trace, state.trace.spec
    kind = CELL_NAMES[spec.cell]
    if spec.bidirectional:
        kind = f"bidirectional {kind}"
    layers = f", {spec.layers} layers" if spec.layers > 1 else ""
    parts = " and ".join(
        f"{part.prefix.rstrip('_')} {part.steps}" if part.prefix else str(part.steps)
        for part in trace.parts
    )
    seen = layout.columns
    where = ""
    if len(seen) < trace.columns:
        where = f", steps {seen.start + 1} to {seen.stop} in sight"
    halves = " Boxes show tanh c above h." if spec.has_cell_state else ""
    at_end = state.cursor.done >= len(state.timeline)
    caption, _ = phase_caption(trace, state.cursor, state.theme, at_end=at_end)
    loss = ""
    if "loss_total" in trace:
        mean, own = over_batch(trace), own_words(trace, state.row)
        among = f", {mean} sequences; {own}" if mean else ""
        loss = f" Total loss {short(float(trace['loss_total']))}{among}."
    whose = pass_words(trace)
    whose = f" {whose.capitalize()}." if whose else ""
    return (
        f"Unrolled graph of a {kind} with {spec.hidden_size} hidden units{layers}: "
        f"{parts} steps{where}. {caption}.{halves}{loss}{whose}"
    )
