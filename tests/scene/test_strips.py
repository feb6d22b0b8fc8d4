"""The strips: what a trace shows, where it stands, and that a cursor move builds a cursor only."""

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.shapes import Bars, Box, Cells, Label, Raster
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import StripsPicture, strips_picture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.label_boxes import faults, words_of
from tests.scene.shaped import shaped_trace
from tests.scene.test_graph_labels import spec
from tests.scene.traces import make_trace


def state_of(
    trace: Trace,
    width: float = 900,
    position: float | None = None,
    name: str = "light",
    row: int = 0,
) -> ViewState:
    timeline = Timeline(trace)
    at = float(timeline.backward_start) if position is None else position
    axis = TimeAxis.fitted(trace.columns, 120.0, width - 140.0)
    return ViewState(
        trace,
        timeline,
        cursor_at(timeline, at),
        axis,
        theme("dark" if name == "dark" else "light"),
        row=row,
    )


def shapes_of(picture: StripsPicture, kind: type) -> list:
    return [shape for layer in picture.layers for shape in layer.shapes if isinstance(shape, kind)]


def test_every_recorded_quantity_on_the_time_axis_has_a_strip() -> None:
    names = [strip.name for strip in catalog(make_trace(cell="lstm", layers=2, hidden=4))]
    shares = ("step_norm_W_hh", "step_norm_W_xh")
    expected = {"input", "probs", "loss", "dL_dx", "dL_dlogits", "step_norm_W_hy"} | {
        f"{base}_{layer}"
        for base in ("h", "c", "i", "f", "g", "o", "dL_dh", "dL_dc", *shares)
        for layer in ("l0", "l1")
    }
    assert set(names) == expected
    assert len(names) == len(set(names))


def test_hidden_cells_hold_the_values_of_the_trace_column_under_column() -> None:
    trace = make_trace(iterations=20)
    state = state_of(trace)
    picture = strips_picture(state, 900, 400)
    cells = shapes_of(picture, Cells)[0]
    np.testing.assert_array_equal(cells.values.ravel(), trace["h_l0"][:, 0].ravel())
    assert cells.scale.low == -1.0
    assert cells.scale.high == 1.0
    for column in range(4):
        left = cells.xs[column]
        assert abs(left + cells.w / 2 - state.axis.center_of(column)) < 1e-9


def test_gradient_bars_are_as_high_as_the_logarithm_of_the_norm() -> None:
    trace = make_trace(iterations=20)
    state = state_of(trace)
    picture = strips_picture(state, 900, 400)
    placed = {p.strip.name: p for p in picture.placed}
    rect = placed["dL_dh_l0"].rect
    bars = next(b for b in shapes_of(picture, Bars) if rect.y <= b.rects[0, 1] <= rect.bottom)
    norms = np.linalg.norm(trace["dL_dh_l0"][:, 0], axis=1)
    heights = bars.rects[:, 3]
    slopes = np.diff(heights) / np.diff(np.log10(norms))
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-9)
    np.testing.assert_allclose(bars.rects[:, 1] + heights, rect.bottom)


def test_an_exact_zero_is_drawn_differently_from_a_tiny_norm() -> None:
    trace = make_trace()
    gradient = np.array(trace["dL_dh_l0"])
    gradient[0] = 0.0
    gradient[1] = 1e-300
    arrays = {**trace.arrays, "dL_dh_l0": gradient}
    picture = strips_picture(state_of(Trace(trace.spec, arrays, trace.labels)), 900, 420)
    rect = next(p.rect for p in picture.placed if p.strip.name == "dL_dh_l0")
    bars = [b for b in shapes_of(picture, Bars) if rect.y <= b.rects[0, 1] <= rect.bottom]
    assert len(bars[0].rects) == trace.columns - 1
    assert bars[0].rects[0, 3] >= 1.0
    assert len(bars) == 2
    assert len(bars[1].rects) == 1
    assert bars[1].colors[0] != bars[0].colors[1]


def test_moving_the_cursor_keeps_the_layers_of_the_data() -> None:
    trace = make_trace("abcab" * 60, hidden=8)
    memo, layout = StripsMemo(), StripLayout()
    timeline = Timeline(trace)
    before = strips_picture(state_of(trace, position=3.0), 900, 400, layout, memo)
    after = strips_picture(state_of(trace, position=len(timeline) - 2.0), 900, 400, layout, memo)
    assert before.layers[0] is after.layers[0]
    assert before.layers[1] is after.layers[1]
    moving = [layer for layer in after.layers if layer.key is None]
    assert {layer.role for layer in moving} == {"figure", "cursor", "control"}
    assert sum(len(layer.shapes) for layer in moving) < 12


def test_what_the_cursor_has_not_reached_lies_under_a_veil() -> None:
    trace = make_trace()
    timeline = Timeline(trace)
    position = float(timeline.index_of("backward", 2, "state") + 1)
    state = state_of(trace, position=position)
    picture = strips_picture(state, 900, 500)
    rect = next(p.rect for p in picture.placed if p.strip.name == "dL_dh_l0")
    veil = next(layer for layer in picture.layers if layer.key is None)
    veils = [s for s in veil.shapes if isinstance(s, Box)]
    mine = [v for v in veils if rect.y - 2 < v.rect.y < rect.bottom]
    assert len(mine) == 1
    assert mine[0].rect.right == pytest.approx(state.axis.left_of(2))
    assert mine[0].fill >> 24 < 0xFF


def test_ten_thousand_steps_of_512_units_become_as_many_columns_as_there_are_pixels() -> None:
    rng = np.random.default_rng(0)
    small = make_trace("ab" * 10, hidden=3)
    arrays = dict(small.arrays)
    arrays["h_l0"] = np.tanh(rng.normal(size=(10_000, 1, 512))).astype(np.float32)
    arrays["dL_dh_l0"] = rng.normal(size=(10_000, 1, 512)).astype(np.float32) * 1e-3
    keep = ("h_l0", "dL_dh_l0", "W_hy")
    trace = Trace(small.spec, {k: arrays[k] for k in keep}, small.labels)
    picture = strips_picture(state_of(trace), 900, 300)
    raster = next(s for layer in picture.layers[1:] for s in layer.shapes if isinstance(s, Raster))
    assert raster.values.shape[1] <= 762
    assert raster.values.shape[0] <= raster.rect.h
    bars = shapes_of(picture, Bars)[0]
    assert len(bars.rects) <= 762
    norms = np.linalg.norm(arrays["dL_dh_l0"][:, 0].astype(float), axis=1)
    peak = bars.rects[np.argmax(bars.rects[:, 3]), 0]
    column = int(np.argmax(norms))
    assert abs(peak - (120 + column * 760 / 10_000)) <= 1.5


def test_hovering_a_cell_names_value_unit_step_and_token() -> None:
    trace = make_trace(iterations=20)
    state = state_of(trace)
    picture = strips_picture(state, 900, 400)
    rect = next(p.rect for p in picture.placed if p.strip.name == "h_l0")
    hit = picture.hit(state.axis.center_of(2), rect.y + rect.h * 0.5)
    assert hit is not None
    assert hit.node == "h_l0@2"
    value = f"{trace['h_l0'][2, 0, 1]:.3f}".replace("-", "−")
    assert hit.tip == f"h[2] = {value} · step 3 “l”"


def test_sorting_by_activity_moves_the_busiest_unit_to_the_top() -> None:
    trace = make_trace(iterations=20, hidden=6)
    state = state_of(trace)
    layout = StripLayout().sorted_by("h_l0", "activity")
    picture = strips_picture(state, 900, 500, layout)
    rect = next(p.rect for p in picture.placed if p.strip.name == "h_l0")
    busiest = int(np.argmax(np.abs(trace["h_l0"][:, 0]).mean(axis=0)))
    hit = picture.hit(state.axis.center_of(1), rect.y + 1)
    assert hit is not None
    assert hit.tip.startswith(f"h[{busiest + 1}] ")


def test_a_pinned_unit_stays_on_top_in_every_order() -> None:
    trace = make_trace(hidden=6)
    for sorting in ("index", "activity", "similarity"):
        layout = StripLayout().sorted_by("h_l0", sorting).pinned("h_l0", 4)
        picture = strips_picture(state_of(trace), 900, 500, layout)
        rect = next(p.rect for p in picture.placed if p.strip.name == "h_l0")
        hit = picture.hit(300.0, rect.y + 1)
        assert hit is not None
        assert hit.tip.startswith("h[5] ")


def test_a_folded_strip_is_one_line_and_shows_no_data() -> None:
    trace = make_trace()
    layout = StripLayout().toggled("probs")
    picture = strips_picture(state_of(trace), 900, 500, layout)
    placed = next(p for p in picture.placed if p.strip.name == "probs")
    assert placed.collapsed
    assert placed.rect.h < 20
    assert picture.hit(300.0, placed.rect.y + 5) is None
    assert layout.toggled("probs") == StripLayout()


def test_strips_can_be_moved_and_keep_their_order() -> None:
    trace = make_trace()
    names = tuple(strip.name for strip in catalog(trace) if not strip.starts_hidden)
    layout = StripLayout().moved("loss", 0, names)
    picture = strips_picture(state_of(trace), 900, 500, layout)
    assert picture.every[0].strip.name == "loss"
    assert {p.strip.name for p in picture.every} == set(names)


def test_strips_never_overlap_and_those_out_of_sight_are_not_built() -> None:
    trace = make_trace(cell="lstm", layers=3, hidden=5)
    picture = strips_picture(state_of(trace), 900, 260, StripLayout(scroll=300.0))
    assert picture.needed > 260
    assert len(picture.placed) < len(picture.every)
    for above, below in zip(picture.every, picture.every[1:], strict=False):
        assert above.rect.bottom <= below.rect.y


def test_relu_states_have_a_symmetric_range_that_is_written_beside_them() -> None:
    trace = make_trace(activation="relu")
    picture = strips_picture(state_of(trace), 900, 500)
    cells = shapes_of(picture, Cells)[0]
    assert cells.scale.low == -cells.scale.high
    assert cells.scale.high >= trace["h_l0"].max()
    words = {label.text for label in shapes_of(picture, Label)}
    assert "h, relu units" in words


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_residual_sums_leave_the_states_on_their_fixed_scale(cell: str) -> None:
    trace = shaped_trace(spec(cell=cell, layers=3, residual=True), 5)
    picture = strips_picture(state_of(trace), 900, 900)
    ranges = [p.strip.range for p in picture.every if p.strip.name.startswith("h_l")]
    assert ranges == ["signed"] * 3


def test_linear_states_may_be_of_any_size_and_say_what_they_are() -> None:
    picture = strips_picture(state_of(make_trace(activation="linear")), 900, 500)
    strip = next(p.strip for p in picture.every if p.strip.name == "h_l0")
    assert (strip.range, strip.caption.about[0]) == ("free", "h, linear units")


def test_losses_that_do_not_count_are_faint() -> None:
    trace = make_trace(last_only=True)
    picture = strips_picture(state_of(trace), 900, 500)
    rect = next(p.rect for p in picture.placed if p.strip.name == "loss")
    bars = next(b for b in shapes_of(picture, Bars) if rect.y <= b.rects[0, 1] <= rect.bottom)
    assert (bars.colors[:-1] >> 24 < 0xFF).all()
    assert bars.colors[-1] >> 24 == 0xFF


LONG = ("straßenbahn-haltestelle", "שלום", "日本語の長い単語", "мир")


@pytest.mark.parametrize(("width", "height"), [(640, 200), (900, 300), (1600, 500), (3200, 900)])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cell": "lstm", "layers": 4, "hidden": 5},
        {"cell": "gru", "bidirectional": True, "hidden": 16},
        {"hidden": 1},
        {"hidden": 512},
        {"text": "the quick brown fox jumps "},
        {"text": "abcdefghijklmnopqrstuvwxyz" * 40, "hidden": 4},
        {"symbols": LONG},
    ],
)
def test_no_label_overlaps_another_or_leaves_the_panel(
    width: float, height: float, options: dict
) -> None:
    state = state_of(make_trace(**options), width)
    shown = strips_picture(state, width, height)
    assert faults(shown, words_of(state.trace)) == []
