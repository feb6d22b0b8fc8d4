"""On paper: no buttons, hints or folded titles, and the mark of a step only where one was meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.axis import GUTTER, MARGIN, TimeAxis
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.curve import curve_picture
from rnnviz.scene.figure import figure_of, is_at_a_step
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Box, Label, Picture, Shape, Wire
from rnnviz.scene.stacking import stacked
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from rnnviz.trace.history import History, Row
from tests.scene.traces import make_trace

Build = Callable[[ViewState], Picture]
VIEWS: dict[str, tuple[Build, str]] = {
    "graph": (lambda s: graph_picture(s, 900, 440), "roll up"),
    "rolled": (lambda s: rolled_picture(s, 900, 440), "unroll"),
    "strips": (lambda s: strips_picture(s, 900, 440), "▸ ‖∂L/∂W_hh‖"),
    "cell": (lambda s: cell_picture(s, 900, 440, "h_l0@2"), "double-click a W: its product"),
    "product": (lambda s: product_picture(s, 900, 440, "h_l0@2", "hh"), "forward: W·v"),
}


def state_of(trace: Trace, position: float | None = None) -> ViewState:
    timeline = Timeline(trace)
    at = float(len(timeline)) if position is None else position
    axis = TimeAxis.fitted(trace.columns, GUTTER, 900.0 - GUTTER - MARGIN)
    return ViewState(trace, timeline, cursor_at(timeline, at), axis, LIGHT)


def shapes(picture: Picture) -> list[Shape]:
    return [shape for layer in picture.layers for shape in layer.shapes]


def words(picture: Picture) -> str:
    return "\n".join(shape.text for shape in shapes(picture) if isinstance(shape, Label))


@pytest.mark.parametrize("view", VIEWS)
def test_what_only_answers_to_a_hand_stays_on_the_screen(view: str) -> None:
    build, control = VIEWS[view]
    picture = build(state_of(make_trace("hello")))
    assert control in words(picture)
    for at_step in (False, True):
        figure = figure_of(picture, at_step=at_step)
        assert control not in words(figure)
        assert len(shapes(figure)) > 10
        assert figure.summary == picture.summary


@pytest.mark.parametrize("view", ["graph", "strips"])
def test_the_step_at_the_cursor_is_marked_only_where_it_was_meant(view: str) -> None:
    picture = VIEWS[view][0](state_of(make_trace("hello"), position=6.0))

    def marks(shown: Picture) -> int:
        dashed = (s for s in shapes(shown) if isinstance(s, Box | Wire) and s.dashed)
        return sum(1 for _ in dashed)

    without, marked = (figure_of(picture, at_step=at) for at in (False, True))
    assert marks(marked) == marks(picture) > marks(without)


def test_what_lights_up_under_the_mouse_is_no_part_of_a_figure() -> None:
    state = state_of(make_trace("hello"))
    pointed = replace(state, hovered="h_l0@1")
    for build, _ in VIEWS.values():
        figures = [figure_of(build(each), at_step=True) for each in (state, pointed)]
        assert len(shapes(figures[0])) == len(shapes(figures[1]))


def test_a_chosen_node_is_pointed_out_on_paper_too() -> None:
    state = replace(state_of(make_trace("hello")), selected="h_l0@1")
    outlines = [
        shape
        for shape in shapes(figure_of(graph_picture(state, 900, 440), at_step=False))
        if isinstance(shape, Box) and shape.stroke == LIGHT.accent and not shape.fill
    ]
    assert len(outlines) == 1


def test_the_curve_on_paper_has_no_marker_to_drag() -> None:
    history = History()
    for number in range(1, 9):
        history.append(Row(number, 1.0 / number, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1))
    curve = curve_picture(history, 4, LIGHT, 500, 160)
    assert "T trains on from here" in words(curve)
    assert "iteration" not in words(figure_of(curve, at_step=True)).replace("each iteration", "")


def test_a_pass_shown_to_its_end_is_shown_as_a_whole() -> None:
    trace = make_trace("hello")
    end = len(state_of(trace).timeline)
    assert not is_at_a_step(state_of(trace, position=float(end)))
    assert is_at_a_step(state_of(trace, position=end - 0.5))


def test_one_picture_under_another_keeps_every_shape_in_its_place() -> None:
    state = state_of(make_trace("hello", cell="lstm", hidden=6))
    upper, lower = graph_picture(state, 900, 300), strips_picture(state, 900, 400)
    both = stacked(upper, lower)
    assert (both.width, both.height) == (900, 700)
    found = both.layers[len(upper.layers) + 1 :]
    assert [layer.role for layer in found] == [layer.role for layer in lower.layers]
    for old, new in zip(lower.layers, found, strict=True):
        assert new.clip is None or (old.clip is not None and new.clip.y == old.clip.y + 300)
        tops = [[_top(shape) for shape in layer.shapes] for layer in (old, new)]
        assert np.allclose(np.array(tops[0]) + 300, tops[1])


def _top(shape: Shape) -> float:
    for name, first in (("rect", lambda v: v.y), ("points", lambda v: v[0][1])):
        if hasattr(shape, name):
            return float(first(getattr(shape, name)))
    return float(shape.ys[0] if hasattr(shape, "ys") else shape.rects[0][1])


@pytest.mark.parametrize("view", ["cell", "product"])
@pytest.mark.parametrize("under", [False, True])
def test_the_way_back_is_a_link_on_screen_and_mere_words_on_paper(view: str, under: bool) -> None:
    picture = VIEWS[view][0](state_of(make_trace("hello")))
    if under:
        picture = stacked(strips_picture(state_of(make_trace("hello")), 900, 200), picture)
    for shown, color in (
        (picture, LIGHT.accent),
        (figure_of(picture, at_step=False), LIGHT.muted),
    ):
        labels = {s.text: s for s in shapes(shown) if isinstance(s, Label) and s.size == 12.0}
        assert labels["sequence"].color == labels["step 3"].color == color
        assert labels["sequence"].rect.y == (206.0 if under else 6.0)
