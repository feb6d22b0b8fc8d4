"""What the views of a long pass hold in memory beside it, and what they take on the way."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace
from tests.scene.shaped import shaped_trace

Builder = Callable[[ViewState, float, float], Picture]


def moves(trace: Trace) -> Iterator[ViewState]:
    timeline = Timeline(trace)
    for zoom in (1.0, 40.0, 400.0):
        for share in (0.0, 0.2, 0.49, 0.7, 1.0):
            cursor = cursor_at(timeline, share * len(timeline))
            axis = TimeAxis.fitted(trace.columns, 118.0, 800.0).zoomed(zoom, 118.0)
            yield ViewState(trace, timeline, cursor, axis.showing(cursor.column), LIGHT)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_views_of_a_long_pass_take_less_than_a_third_of_it(cell: str) -> None:
    spec = ModelSpec(input_size=16, hidden_size=512, output_size=16, cell=cell)  # type: ignore[arg-type]  # a kind of cell
    trace = shaped_trace(spec, 8000)
    whole = sum(array.nbytes for array in trace.arrays.values())
    memo = StripsMemo()

    def strips(state: ViewState, width: float, height: float) -> Picture:
        return strips_picture(state, width, height, None, memo)

    builders: tuple[Builder, ...] = (graph_picture, rolled_picture, strips, inspector_picture)
    for state in moves(shaped_trace(spec, 500)):
        # Tables of letters and of colours are the program's, not the pass's.
        shown = [build(state, 990.0, 430.0) for build in builders]
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for state in moves(trace):
            shown = [build(state, 990.0, 430.0) for build in builders]
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shown
    assert held - before < 0.3 * whole
    assert most - before < 0.3 * whole
