"""Strips say what there is: padding, what is no number, pooled pixels, what is yet to come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.colors import ColorScale, contrast, veiled
from rnnviz.scene.numbers import Figures, number_text
from rnnviz.scene.shapes import Bars, Box, Cells, Label, Picture24, Raster
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import theme
from rnnviz.session import Run, RunConfig
from tests.scene.placed_strips import place_of, tip, with_arrays
from tests.scene.test_strips import shapes_of, state_of
from tests.scene.traces import make_trace


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_number_of_a_bar_reads_on_its_ground_before_and_after_the_cursor(name: str) -> None:
    trace = make_trace("hello", iterations=20)
    state = state_of(trace, name=name)
    back = state.timeline.backward_start
    for position in (3.0, back + 5.0):
        picture = strips_picture(state_of(trace, position=position, name=name), 900, 500)
        panel = theme("dark" if name == "dark" else "light").panel
        veils = [b for b in shapes_of(picture, Box) if b.fill >> 24 == 0xA8]
        found = 0
        for label in shapes_of(picture, Label):
            x, y = label.rect.center
            for bars in shapes_of(picture, Bars):
                for rect, color in zip(bars.rects.tolist(), bars.colors, strict=True):
                    left, top, wide, high = rect
                    if not (left <= x < left + wide and top <= y < top + high):
                        continue
                    hidden = any(v.rect.contains(x, y) for v in veils)
                    ground = int(veiled(np.array([color]), panel)[0]) if hidden else int(color)
                    assert contrast(label.color, ground) >= 4.5, label.text
                    found += 1
        assert found >= 2


def test_numbered_cells_under_the_veil_are_as_pale_as_it_and_still_have_numbers() -> None:
    picture = strips_picture(state_of(make_trace("hello"), position=2.0), 900, 500)
    pale = [c for c in shapes_of(picture, Cells) if c.scale.map.endswith("~pale")]
    assert pale
    assert all(cells.numbers for cells in pale)
    scale = ColorScale("diverging", -1.0, 1.0)
    clear = scale.colors(np.array([0.7]))
    assert scale.pale.colors(np.array([0.7])) == veiled(clear, theme("light").panel)


def test_a_gradient_that_is_no_number_fills_its_place_and_is_named() -> None:
    trace = make_trace("hello")
    slope = trace["dL_dh_l0"].copy()
    slope[2] = np.nan
    broken = with_arrays(trace, dL_dh_l0=slope)
    state = state_of(broken, position=1e9)
    picture = strips_picture(state, 900, 500)
    rect = place_of(picture, "dL_dh_l0").rect
    column = state.axis.center_of(2)
    full = [
        bar for bars in shapes_of(picture, Bars) for bar in bars.rects.tolist()
        if bar[0] < column < bar[0] + bar[2] and bar[1] == pytest.approx(rect.y)
    ]  # fmt: skip
    assert full
    assert "NaN" in tip(picture, "dL_dh_l0", 2)


def test_a_large_number_is_written_as_it_is() -> None:
    assert number_text(2500.4, Figures(3)) == "2500"
    assert number_text(-99_999.0, Figures(2)) == "-99999"
    assert number_text(3.2e7, Figures(2)) == "3·10⁷"
    assert number_text(float("inf"), Figures(2)) == "∞"
    assert number_text(999.4, Figures(1)) == "999.4"


def test_a_pixel_of_many_units_and_steps_says_how_many_and_what_it_shows() -> None:
    spec_trace = make_trace("ab" * 1500, hidden=64)
    state = state_of(spec_trace, position=1e9)
    picture = strips_picture(state, 900, 300)
    said = tip(picture, "h_l0", 1700)
    assert said.startswith("h[33] = ")
    assert "step 1,701 “a”" in said
    assert "strongest of 2 units" in said or "strongest of 3 units" in said
    assert "mean of steps 1," in said
    steps = said.split("steps ")[1].split(":")[0].replace(",", "").split("–")
    first, last = map(int, steps)
    assert last - first + 1 == 4
    assert first - 4 <= 1701 <= last + 4
    bars = tip(picture, "dL_dh_l0", 1700)
    assert "the bar shows the largest of steps" in bars
    near = replace(state, axis=TimeAxis.fitted(4, 120.0, 700.0))
    assert "pixel" not in tip(strips_picture(near, 900, 900), "loss", 1)


def test_a_spike_of_a_single_step_is_never_lost_between_two_pixels() -> None:
    trace = make_trace("ab" * 800, cell="lstm", hidden=4)
    for step in range(700, 712):
        gate = np.zeros_like(trace["f_l0"])
        gate[step] = 1.0
        state = state_of(with_arrays(trace, f_l0=gate), position=1e9)
        picture = strips_picture(state, 900, 900)
        rect = place_of(picture, "f_l0").rect
        shown = next(r for r in shapes_of(picture, Raster) if r.rect.y == rect.y)
        assert shown.values.max() == 1.0, step


def test_after_the_end_of_a_sequence_nothing_is_shown_and_hovering_says_why() -> None:
    trace = Run.create(RunConfig(task="sentiment")).train(2).traced_step()
    lengths = trace["lengths"]
    row = int(lengths.argmin())
    end = int(lengths[row])
    assert end < trace.columns
    state = state_of(trace, position=1e9, row=row)
    picture = strips_picture(state, 900, 2000)
    assert tip(picture, "f_l0", end).startswith("padding")
    assert not tip(picture, "f_l0", end - 1).startswith("padding")
    rect = place_of(picture, "f_l0").rect
    covers = [
        box for box in shapes_of(picture, Box)
        if box.fill == state.theme.panel and box.rect.y <= rect.y and box.rect.bottom >= rect.bottom
    ]  # fmt: skip
    assert any(box.rect.x == pytest.approx(state.axis.left_of(end)) for box in covers)
    numbers = [label for label in shapes_of(picture, Label) if label.text == "0"]
    assert not [n for n in numbers if n.rect.center[0] > state.axis.left_of(end) and n.size == 10.0]


def test_frames_of_a_clip_stand_over_their_steps() -> None:
    trace = Run.create(RunConfig(task="video")).train(1).traced_step()
    state = state_of(trace)
    shown = shapes_of(strips_picture(state, 900, 700), Picture24)
    assert len(shown) == trace.columns
    for column, picture in enumerate(shown):
        assert picture.rect.center[0] == pytest.approx(state.axis.center_of(column))
        assert np.array_equal(picture.pixels, trace["pictures"][column, 0])


def test_a_regression_shows_the_target_under_the_output_on_the_same_scale() -> None:
    trace = Run.create(RunConfig(task="sine")).train(1).traced_step()
    names = [strip.name for strip in catalog(trace)]
    assert names.index("targets") == names.index("logits") + 1
    picture = strips_picture(state_of(trace, position=1e9), 900, 700)
    said, wanted = (
        next(c for c in shapes_of(picture, Cells) if c.ys[0] == place_of(picture, name).rect.y)
        for name in ("logits", "targets")
    )
    assert said.scale == wanted.scale
    assert tip(picture, "targets", 3).startswith("y*[1] = ")


def test_rows_are_numbered_in_the_order_in_which_they_stand() -> None:
    trace = make_trace("hello", hidden=3)
    layout = StripLayout().with_units("h_l0", (2, 0, 1)).pinned("h_l0", 1)
    picture = strips_picture(state_of(trace), 900, 400, layout)
    rect = place_of(picture, "h_l0").rect
    marks = [
        label.text for label in shapes_of(picture, Label)
        if label.rect.right == rect.x - 6 and rect.y <= label.rect.y < rect.bottom
    ]  # fmt: skip
    assert marks == ["•2", "3", "1"]


def test_seldom_needed_gradients_take_no_room_until_they_are_asked_for() -> None:
    trace = make_trace("hello")
    plain = strips_picture(state_of(trace), 900, 400)
    names = [placed.strip.name for placed in plain.every]
    assert "dL_dx" not in names
    asked = strips_picture(state_of(trace), 900, 400, StripLayout().toggled("dL_dx"))
    placed = place_of(asked, "dL_dx")
    assert not placed.collapsed
    assert tip(asked, "dL_dx", 2).startswith("‖∂L/∂x‖ = ")


def test_tiny_values_are_not_hovered_as_zero() -> None:
    trace = make_trace("hello")
    h = trace["h_l0"].copy()
    h[1, 0, 0], h[2, 0, 0] = 1e-6, 0.0
    picture = strips_picture(state_of(with_arrays(trace, h_l0=h)), 900, 400)
    assert tip(picture, "h_l0", 1, 0.1).startswith("h[1] = 1.0·10⁻⁶")
    assert tip(picture, "h_l0", 2, 0.1).startswith("h[1] = 0.000")


def test_many_classes_seen_from_afar_are_how_sure_it_is_and_what_the_target_gets() -> None:
    trace = make_trace("abcdefghijklmnop" * 60)
    state = state_of(trace, position=1e9)
    picture = strips_picture(state, 900, 700)
    marks = [label.text for label in shapes_of(picture, Label)]
    assert "likeliest" in marks
    step = 300
    probs = trace["probs"][step, 0]
    target = int(trace["targets"][step, 0])
    word = trace.labels.classes[target]
    assert tip(picture, "probs", step, 0.25).startswith(
        f"likeliest: p(“{trace.labels.classes[int(probs.argmax())]}”)"
    )
    assert tip(picture, "probs", step, 0.75).startswith(
        f"target: p(“{word}”) = {probs[target]:.3f}"
    )
    near = replace(state, axis=state.axis.zoomed(40.0, 500.0))
    shown = [label.text for label in shapes_of(strips_picture(near, 900, 700), Label)]
    assert "likeliest" not in shown
    assert "target" in shown


def test_sorted_rows_hold_still_while_passes_stream_by() -> None:
    layout = StripLayout().sorted_by("h_l0", "activity")
    memo, orders = StripsMemo(), []
    for seed in range(3):
        trace = make_trace("hello", hidden=8, seed=seed)
        state = replace(state_of(trace), live=True)
        picture = strips_picture(state, 900, 400, layout, memo)
        orders.append(picture.units(place_of(picture, "h_l0")))
    assert len(set(orders)) == 1
    still = strips_picture(state_of(trace), 900, 400, layout, memo)
    activity = np.abs(trace["h_l0"][:, 0]).mean(axis=0)
    assert still.units(place_of(still, "h_l0"))[0] == int(activity.argmax())


def test_a_cut_of_the_gradient_is_explained_where_it_is_drawn() -> None:
    trace = with_arrays(make_trace("hello"), cuts=np.array([2]))
    picture = strips_picture(state_of(trace, position=1e9), 900, 400)
    assert "truncated" in tip(picture, "dL_dh_l0", 2)
    assert "truncated" not in tip(picture, "dL_dh_l0", 1)


def test_a_value_beyond_the_fixed_scale_is_said_to_be() -> None:
    trace = make_trace("hello", cell="gru")
    h = trace["h_l0"].copy()
    h[1, 0, 0], h[2, 0, 0] = 1.4, 1.0
    picture = strips_picture(state_of(with_arrays(trace, h_l0=h)), 900, 400)
    assert tip(picture, "h_l0", 1, 0.1).startswith("h[1] = 1.400 (beyond the colours)")
    assert "beyond" not in tip(picture, "h_l0", 2, 0.1)
    assert "beyond" not in tip(picture, "r_l0", 2, 0.1)


@pytest.mark.parametrize("height", [220, 240, 250, 260, 270, 280, 300, 340, 420])
def test_letters_on_a_likely_class_stand_inside_its_cell_feet_and_all(height: int) -> None:
    trace = make_trace("abcdefghijklmnopqrst")
    state = state_of(trace, position=1e9)
    picture = strips_picture(replace(state, axis=state.axis.zoomed(8.0, 100.0)), 900, height)
    place = place_of(picture, "probs").rect
    cells = [
        (x, y + slot * (each.h + each.gap), each.w, each.h)
        for each in shapes_of(picture, Cells)
        if each.vertical and place.contains(float(each.xs[0]) + 1.0, float(each.ys[0]))
        for x, y in zip(each.xs.tolist(), each.ys.tolist(), strict=True)
        for slot in range(each.values.shape[1])
    ]
    found = 0
    for label in shapes_of(picture, Label):
        middle_x, middle = label.rect.center
        for x, y, w, h in cells:
            if x <= middle_x < x + w and y <= middle < y + h:
                found += 1
                assert middle - 0.365 * label.size >= y - 0.5, label.text
                assert middle + 0.605 * label.size <= y + h + 0.5, label.text
    assert found >= 6
