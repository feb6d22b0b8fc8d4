"""The graph in a sentence or two, for those who do not see it."""

from __future__ import annotations

from collections.abc import Hashable

from rnnviz.scene.captions import CELL_NAMES, local_step, pass_words, phase_caption
from rnnviz.scene.graph.hits import tip
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.totals import over_batch, own_words
from rnnviz.trace import Trace
from rnnviz.trace.many import many

_HEARD = 64
"""Sentences about single boxes that are kept: from one operation to the next all stay but one."""


def summary(state: ViewState, layout: GraphLayout) -> str:
    """What network, how many steps, which are in sight, and where the pass is."""
    trace, seen = state.trace, layout.columns
    where = ""
    if len(seen) < trace.columns:
        first, last = (_place_of(trace, layout, column) for column in (seen.start, seen.stop - 1))
        where = f", steps {first} to {last} in sight"
    at_end = state.cursor.done >= len(state.timeline)
    caption, _ = phase_caption(trace, state.cursor, state.theme, at_end=at_end)
    return (
        f"{_network(trace)}{where}. {caption}.{_result(trace, state.row)}"
        f"{_at_cursor(state, layout)}"
    )


def _place_of(trace: Trace, layout: GraphLayout, column: int) -> str:
    """The step of a column, as it is counted on screen: within its part."""
    part = layout.part_of(column).prefix.rstrip("_")
    step = str(local_step(trace, column))
    return f"{step} of the {part}" if part else step


@of_trace
def _network(trace: Trace) -> str:
    spec = trace.spec
    kind = CELL_NAMES[spec.cell]
    if spec.bidirectional:
        kind = f"bidirectional {kind}"
    layers = f", {spec.layers} layers" if spec.layers > 1 else ""
    parts = " and ".join(
        f"{part.prefix.rstrip('_')} {part.steps}" if part.prefix else str(part.steps)
        for part in trace.parts
    )
    steps = "step" if trace.columns == 1 else "steps"
    article = "an" if kind.startswith("LSTM") else "a"
    return (
        f"Unrolled graph of {article} {kind} with {many(spec.hidden_size, 'hidden unit')}{layers}: "
        f"{parts} {steps}"
    )


@of_trace
def _result(trace: Trace, row: int) -> str:
    halves = " Boxes show tanh c above h." if trace.spec.has_cell_state else ""
    loss = ""
    if "loss_total" in trace:
        mean, own = over_batch(trace), own_words(trace, row)
        among = f", {mean} sequences; {own}" if mean else ""
        loss = f" Total loss {short(float(trace['loss_total']))}{among}."
    whose = pass_words(trace)
    return f"{halves}{loss}" + (f" {whose.capitalize()}." if whose else "")


@of_trace
def _heard(_trace: Trace) -> dict[Hashable, str]:
    """What has been said of boxes of a pass."""
    return {}


def _at_cursor(state: ViewState, layout: GraphLayout) -> str:
    """What stands in the boxes of the cursor's step, as far as it has been computed."""
    if state.live or state.cursor.progress < 1.0:
        # While passes stream by or values travel, nobody could listen to numbers.
        return ""
    column, done, timeline = state.cursor.column, state.cursor.done, state.timeline
    prefix, heard, told = layout.part_of(column).prefix, _heard(state.trace), []
    for row in reversed(layout.rows):
        if row.kind == "frames" or not layout.shows(row, column):
            continue
        asked = (row.kind_of_operation, row.layer, prefix if row.kind == "state" else None)
        if row.kind != "input" and column not in timeline.known(done, "forward", *asked):
            continue
        known = column in timeline.known(done, "backward", *asked)
        key = (row.kind, row.layer, column, state.row, known)
        if key not in heard:
            if len(heard) >= _HEARD:
                heard.clear()
            heard[key] = _of_box(state, layout, row, known=known)
        told.append(heard[key])
    step = _place_of(state.trace, layout, column)
    return f" At step {step}: {'; '.join(told)}." if told else ""


def _of_box(state: ViewState, layout: GraphLayout, row: Row, *, known: bool) -> str:
    """One box in words, with its gradient if that is `known`."""
    name, *values = tip(state, layout, row, state.cursor.column).split("\n")
    letter, _, *whose = name.split(", ")
    values = [line for line in values if known or not line.startswith("‖∂L")]
    return ", ".join((letter, *whose, *values))
