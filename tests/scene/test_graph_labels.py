"""No word of the graph overlaps another, leaves its box or is run through by a wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.header import ROLL_TEXT, TITLE_TEXT, fold_button
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.losses import total_box, total_wires
from rnnviz.scene.graph.weights import weight_box, weight_name
from rnnviz.scene.shapes import Box, Label, Layer, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.scene.totals import loss_figure
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import crossed, faults
from tests.scene.shaped import WORDS, shaped_trace
from tests.scene.traces import make_trace

SIZES = [(705.0, 219.0), (760.0, 330.0), (990.0, 430.0), (1280.0, 560.0), (2600.0, 1300.0)]
GUTTER, MARGIN = 118.0, 76.0


def state_of(
    trace: Trace, width: float, position: float = 1.0, zoom: float = 1.0, **more: Any
) -> ViewState:
    """The state at a share of the pass, the axis fitted or zoomed in."""
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, GUTTER, width - GUTTER - MARGIN)
    if zoom != 1.0:
        axis = axis.zoomed(zoom, GUTTER + 0.4 * axis.width)
    cursor = cursor_at(timeline, position * len(timeline))
    return ViewState(trace, timeline, cursor, axis, LIGHT, **more)


def spec(**options: Any) -> ModelSpec:
    given = {"input_size": 4, "hidden_size": 3, "output_size": 4} | options
    return ModelSpec(**given)


SPECS: dict[str, dict[str, Any]] = {
    "hello": {},
    "H=100": {"hidden_size": 100, "input_size": 65, "output_size": 65},
    "H=512 lstm": {"hidden_size": 512, "cell": "lstm", "input_size": 65, "output_size": 65},
    "lstm": {"cell": "lstm", "hidden_size": 5},
    "gru, 2 layers": {"cell": "gru", "layers": 2},
    "4 layers": {"layers": 4, "hidden_size": 8},
    "bidirectional": {"bidirectional": True},
    "bidirectional, 3 layers": {"bidirectional": True, "layers": 3, "cell": "lstm"},
    "jordan": {"cell": "jordan"},
    "many-to-one": {"kind": "many-to-one", "head": "last"},
    "mean": {"kind": "many-to-one", "head": "mean"},
    "one-to-many": {"kind": "one-to-many", "context_size": 6},
    "vectors": {"input_kind": "vector", "loss": "squared-error", "output_size": 1},
    "embedding": {"input_kind": "embedding", "embedding_size": 24, "input_size": 1000},
    "translation": {
        "kind": "many-to-many", "attention": "dot", "bidirectional": True,
        "input_kind": "embedding", "embedding_size": 8,
    },
}  # fmt: skip


def everything(picture: Any, given: Sequence[str] = ()) -> list[str]:
    return faults(picture, given) + crossed(picture, ignored=(LIGHT.gradient, LIGHT.bad))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", SPECS)
def test_words_keep_apart_for_every_architecture(name: str, size: tuple[float, float]) -> None:
    for steps in (1, 2, 4, 10, 25, 60):
        trace = shaped_trace(spec(**SPECS[name]), steps, pictures=name == "one-to-many")
        for position in (0.3, 1.0):
            shown = graph_picture(state_of(trace, size[0], position), *size)
            assert everything(shown) == [], f"{steps} steps at {position}"


@pytest.mark.parametrize("size", [(261.0, 115.0), (321.0, 160.0), (500.0, 140.0)], ids=str)
@pytest.mark.parametrize("name", SPECS)
def test_words_keep_apart_in_the_least_room_that_a_window_leaves(
    name: str, size: tuple[float, float]
) -> None:
    for steps in (1, 4, 25):
        trace = shaped_trace(spec(**SPECS[name]), steps, pictures=name == "one-to-many")
        for position in (0.3, 1.0):
            shown = graph_picture(state_of(trace, size[0], position), *size)
            assert everything(shown) == [], f"{steps} steps at {position}"


@pytest.mark.parametrize("height", [105.0, 130.0, 160.0, 330.0])
def test_the_edge_to_the_total_comes_from_above_however_low_the_rows_are(height: float) -> None:
    trace = shaped_trace(spec(), 4)
    layout = layout_of(trace, state_of(trace, 321.0).axis, 321.0, height)
    box, every = total_box(layout), range(4)
    assert box is not None
    *_, edge = total_wires(layout, every, tuple(every), LIGHT.loss)
    (_, line), (_, tip) = edge.points[-2:]
    assert line < tip < box.y


@pytest.mark.parametrize("words", ["long", "hebrew", "arabic", "chinese", "marks"])
@pytest.mark.parametrize("name", ["hello", "H=100", "translation"])
def test_long_and_foreign_words_stay_in_their_columns(name: str, words: str) -> None:
    for steps in (1, 4, 12, 40):
        trace = shaped_trace(spec(**SPECS[name]), steps, words=words)
        for size in SIZES:
            shown = graph_picture(state_of(trace, size[0]), *size)
            assert everything(shown, WORDS[words]) == []


@pytest.mark.parametrize("zoom", [1.0, 3.0, 9.0, 40.0, 200.0])
def test_words_keep_apart_at_every_zoom_of_a_long_pass(zoom: float) -> None:
    trace = shaped_trace(spec(), 1000)
    for size in SIZES[:2]:
        shown = graph_picture(state_of(trace, size[0], 0.5, zoom), *size)
        assert everything(shown) == []


def test_words_keep_apart_with_cuts_frames_and_sampling() -> None:
    frames = spec(kind="many-to-one", head="last", input_kind="vector", input_size=12)
    traces = [
        shaped_trace(spec(), 9, cuts=(3, 6)),
        shaped_trace(frames, 8, pictures=True),
        shaped_trace(spec(), 8, mode="sample"),
        shaped_trace(spec(layers=2, cell="gru"), 8, mode="sample"),
    ]
    for trace in traces:
        for size in SIZES:
            assert everything(graph_picture(state_of(trace, size[0]), *size)) == []


def test_words_stay_when_something_is_selected_and_under_way() -> None:
    trace = shaped_trace(spec(), 5)
    for position in (0.11, 0.48, 0.72, 0.99):
        state = state_of(trace, 990.0, position, selected="h_l0@2", hovered="x@1")
        assert everything(graph_picture(state, 990.0, 430.0)) == []


def test_the_arrows_of_the_scale_come_both_or_not_at_all_and_cross_no_word() -> None:
    trace = shaped_trace(spec(layers=2, cell="lstm", hidden_size=8), 7)
    for iteration in (0, 12345):
        counts = set()
        for width in range(480, 1300, 14):
            state = state_of(replace(trace, iteration=iteration), float(width))
            shown = graph_picture(state, float(width), 300.0)
            header = [s for layer in shown.layers for s in layer.shapes if is_in_header(s)]
            picture = replace(shown, layers=(Layer(tuple(header)),))
            assert faults(picture) + crossed(picture) == [], f"{width} wide"
            counts.add(sum(isinstance(shape, Wire) for shape in header))
        assert counts == {0, 2}


def is_in_header(shape: Shape) -> bool:
    if isinstance(shape, Wire):
        return all(y < 25.0 for _, y in shape.points)
    return isinstance(shape, Label) and shape.rect.bottom < 27.0


def test_no_subscript_stands_on_the_edge_of_a_flat_pill() -> None:
    trace = shaped_trace(spec(layers=4, cell="lstm", hidden_size=512), 4)
    for height, named in ((226.0, False), (430.0, True)):
        shown = graph_picture(state_of(trace, 710.0), 710.0, height)
        labels = [s for layer in shown.layers for s in layer.shapes if isinstance(s, Label)]
        pills = [s.rect for y in shown.layers for s in y.shapes if isinstance(s, Box)]
        losses = [label for label in labels if label.text.split(" ")[-1] in figures_of(trace)]
        assert len(losses) == 4
        for label in losses:
            pill = next(pill for pill in pills if pill.contains(*label.rect.center))
            assert ("L" in label.text) == named
            assert named == (pill.h >= 11.0)


def figures_of(trace: Trace) -> list[str]:
    return [loss_figure(float(value)) for value in trace["loss"][:, 0]]


@pytest.mark.parametrize("options", [{"layers": 4}, {"layers": 2, "bidirectional": True}])
def test_every_w_of_a_deep_network_in_a_small_window_has_its_letter(
    options: dict[str, Any],
) -> None:
    trace = shaped_trace(spec(cell="gru", **options), 4)
    state = state_of(trace, 705.0)
    layout = layout_of(trace, state.axis, 705.0, 236.0)
    assert layout.gap < 16.0
    shown = graph_picture(state, 705.0, 236.0)
    words = [s for layer in shown.layers for s in layer.shapes if isinstance(s, Label)]
    sizes = {label.text: label.size for label in words}
    assert all(sizes[weight_name(layout, row)] >= 8.0 for row in layout.states)


@pytest.mark.parametrize(
    ("options", "height"), [({}, 236.0), ({"layers": 4}, 236.0), ({}, 430.0)], ids=str
)
def test_what_w_has_collected_is_seen_to_grow_in_windows_of_every_height(
    options: dict[str, Any], height: float
) -> None:
    trace = make_trace("hello", **options)
    layout = layout_of(trace, state_of(trace, 705.0).axis, 705.0, height)
    for row in layout.states:
        widths = []
        place = weight_box(layout, row)
        for column in reversed(range(4)):
            state = state_of(trace, 705.0)
            at = state.timeline.index_of("backward", column, "state", row.layer) + 1
            state = replace(state, cursor=cursor_at(state.timeline, at))
            shapes = [s for lay in graph_picture(state, 705.0, height).layers for s in lay.shapes]
            bars = [
                shape.rect.w
                for shape in shapes
                if isinstance(shape, Box)
                and shape.fill & 0xFFFFFF == LIGHT.gradient & 0xFFFFFF
                and place.contains(*shape.rect.center)
            ]
            widths += bars
        assert len(widths) == 4, "from the first step on that has its gradient"
        assert len(set(widths[:3])) == 3
        assert widths[3] == widths[2], "the first step reads h_0 = 0, and adds nothing"


@pytest.mark.parametrize("width", [290.0, 321.0, 380.0])
def test_in_a_narrow_graph_the_scale_of_colours_leaves_room_for_the_button(width: float) -> None:
    picture = graph_picture(state_of(shaped_trace(spec(), 4), width), width, 160.0)
    button = fold_button(rolled=False)
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    head = [s for s in shapes if isinstance(s, Label) and s.rect.y < button.bottom]
    beside = [label for label in head if label.text not in (TITLE_TEXT, ROLL_TEXT)]
    assert all(label.rect.x > button.right + 4.0 for label in beside)
    assert any(label.text == "1.0" for label in beside) is (width > 300.0)


@pytest.mark.parametrize("width", [1000.0, 1200.0, 1400.0, 1600.0, 2000.0])
@pytest.mark.parametrize("name", SPECS)
def test_the_slanted_letter_of_every_w_stays_inside_its_box(name: str, width: float) -> None:
    trace = shaped_trace(spec(**SPECS[name]), 11)
    shapes = [s for layer in graph_picture(state_of(trace, width), width, 700.0).layers
              for s in layer.shapes]  # fmt: skip
    boxes = {s.rect for s in shapes if isinstance(s, Box)}
    letters = [s for s in shapes if isinstance(s, Label) and s.italic and s.text[:1] == "W"]
    inside = [s for s in letters if any(b.x == s.rect.x and b.w == s.rect.w for b in boxes)]
    for letter in inside:
        wide = text_width(letter.text, letter.size, "serif") + 0.15 * letter.size
        assert wide <= letter.rect.w - 1.0, letter
