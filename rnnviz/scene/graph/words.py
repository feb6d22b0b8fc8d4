"""The graph in a sentence or two, for those who do not see it."""

from __future__ import annotations

from rnnviz.scene.captions import CELL_NAMES, local_step, pass_words, phase_caption
from rnnviz.scene.graph.hits import tip
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
    article = "an" if kind.startswith("LSTM") else "a"
    return (
        f"Unrolled graph of {article} {kind} with {spec.hidden_size} hidden units{layers}: "
        f"{parts} steps{where}. {caption}.{halves}{loss}{whose}{_at_cursor(state, layout)}"
    )


def _at_cursor(state: ViewState, layout: GraphLayout) -> str:
    """What stands in the boxes of the cursor's step, as far as it has been computed."""
    if state.live:
        # While passes stream by, nobody could listen to their numbers.
        return ""
    column, done, timeline = state.cursor.column, state.cursor.done, state.timeline
    prefix, told = layout.part_of(column).prefix, []
    for row in reversed(layout.rows):
        if row.kind == "frames" or not layout.shows(row, column):
            continue
        kind = row.kind_of_operation
        part = prefix if row.kind == "state" else None
        if row.kind != "input" and column not in timeline.known(
            done, "forward", kind, row.layer, part
        ):
            continue
        known = column in timeline.known(done, "backward", kind, row.layer, part)
        name, *values = tip(state, layout, row, column).split("\n")
        letter, _, *whose = name.split(", ")
        values = [line for line in values if known or not line.startswith("‖∂L")]
        told.append(", ".join((letter, *whose, *values)))
    step = f"{local_step(state.trace, column)}"
    if prefix:
        step += f" of the {prefix.rstrip('_')}"
    return f" At step {step}: {'; '.join(told)}." if told else ""
