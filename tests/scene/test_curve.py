"""The training curve: where an iteration stands, what is drawn, and how little of it."""

import math

import numpy as np
import pytest

from rnnviz.scene.curve import CurveOptions, CurvePicture, curve_picture
from rnnviz.scene.shapes import Bars, Curve, Floats, Label, Wire
from rnnviz.scene.theme import theme
from rnnviz.trace.history import History, Row
from tests.scene.label_boxes import faults

LIGHT = theme("light")


def history_of(losses: list[float]) -> History:
    history = History()
    smoothed = losses[0] if losses else 0.0
    for number, loss in enumerate(losses):
        smoothed = 0.9 * smoothed + 0.1 * loss if math.isfinite(loss) else smoothed
        history.append(Row(number, loss, smoothed, abs(loss) + 1, 1.0, 2.0, 0.1, 0.1))
    return history


def falling(count: int) -> History:
    return history_of([3.0 * math.exp(-3 * k / count) + 0.1 for k in range(count)])


def shapes_of(picture: CurvePicture, kind: type) -> list:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, kind)]


class Growing(History):
    """As if the worker added an iteration between any two readings."""

    def column(self, name: str, start: int = 0, stop: int | None = None) -> Floats:
        found = super().column(name, start, stop)
        self.append(Row(len(self), 0.5, 0.5, 1.0, 1.0, 2.0, 0.1, 0.1))
        return found


def test_a_curve_is_of_the_same_iterations_throughout_while_training_goes_on() -> None:
    history = Growing()
    for number in range(1000):
        history.append(Row(number, 0.5, 0.5, 1.0, 1.0, 2.0, 0.1, 0.1))
    picture = curve_picture(history, 999, LIGHT, 900, 120)
    assert picture.last == 999
    assert "iterations 0 to 999" in picture.summary


def test_x_and_iteration_are_inverse() -> None:
    picture = curve_picture(falling(500), 250, LIGHT, 900, 120)
    for iteration in (0, 1, 137, 499):
        assert picture.iteration_at(picture.x_of(iteration)) == iteration
    assert picture.iteration_at(-100) == 0
    assert picture.iteration_at(10_000) == 499


def test_the_marker_stands_at_its_iteration_and_says_what_goes_on() -> None:
    paused = curve_picture(falling(500), 89, LIGHT, 900, 120)
    marker = next(w for w in shapes_of(paused, Wire) if w.points[0][0] == w.points[1][0])
    assert marker.points[0][0] == pytest.approx(paused.x_of(89))
    words = [label.text for label in shapes_of(paused, Label)]
    assert "iteration 89 (paused; T trains on from here)" in words
    running = curve_picture(falling(500), 499, LIGHT, 900, 120, CurveOptions(training=True))
    assert "iteration 499" in [label.text for label in shapes_of(running, Label)]


def test_a_hundred_thousand_iterations_are_no_more_points_than_pixels_and_keep_their_spike() -> (
    None
):
    losses = np.full(100_000, 0.5)
    losses[61_803] = 5.0
    history = history_of(losses.tolist())
    picture = curve_picture(history, 0, LIGHT, 800, 120)
    assert sum(len(curve.points) for curve in shapes_of(picture, Curve)) <= 800
    bars = shapes_of(picture, Bars)[0]
    assert len(bars.rects) <= 800
    spike = bars.rects[np.argmax(bars.rects[:, 3])]
    assert abs(spike[0] - picture.x_of(61_803)) <= 1.5
    assert spike[1] < picture.plot.y + 0.1 * picture.plot.h


def test_guessing_is_a_line_at_the_logarithm_of_the_vocabulary() -> None:
    picture = curve_picture(falling(300), 0, LIGHT, 900, 160, CurveOptions(classes=4))
    line = next(w for w in shapes_of(picture, Wire) if w.dashed)
    ticks = {
        label.text: label.rect.center[1]
        for label in shapes_of(picture, Label)
        if label.align == "right" and label.rect.x == 0
    }
    zero, one = ticks["0"], ticks["1"]
    assert (zero - line.points[0][1]) / (zero - one) == pytest.approx(math.log(4), rel=0.01)


def test_on_the_logarithmic_axis_equal_ratios_are_equal_distances() -> None:
    history = history_of([10.0 ** (-k / 100) for k in range(300)])
    picture = curve_picture(history, 0, LIGHT, 900, 200, CurveOptions(log=True))
    raw = shapes_of(picture, Curve)[0].points if shapes_of(picture, Curve) else None
    assert raw is not None
    assert math.isfinite(raw.sum())
    slopes = np.diff(raw[50:250, 1]) / np.diff(raw[50:250, 0])
    np.testing.assert_allclose(slopes, slopes.mean(), rtol=0.05)


def test_losses_that_are_not_numbers_leave_a_gap_and_no_error() -> None:
    history = history_of([1.0, math.nan, math.inf, 0.5, 0.25])
    picture = curve_picture(history, 4, LIGHT, 600, 120, CurveOptions(classes=4))
    for curve in shapes_of(picture, Curve):
        assert np.isfinite(curve.points).all()
    every = history_of([math.nan] * 5)
    assert curve_picture(every, 4, LIGHT, 600, 120).summary.startswith("Training curve")


def test_moving_the_marker_keeps_the_layer_of_the_curve() -> None:
    history = falling(500)
    first = curve_picture(history, 10, LIGHT, 900, 120)
    second = curve_picture(history, 400, LIGHT, 900, 120)
    assert first.layers[0].key == second.layers[0].key
    history.append(Row(500, 0.1, 0.1, 1.0, 1.0, 1.0, 0.1, 0.1))
    third = curve_picture(history, 400, LIGHT, 900, 120)
    assert third.layers[0].key != second.layers[0].key


def test_held_out_losses_are_marks_of_their_own() -> None:
    options = CurveOptions(held_out=((100.0, 2.0), (200.0, 1.5)))
    picture = curve_picture(falling(300), 0, LIGHT, 900, 160, options)
    marks = [b for b in shapes_of(picture, Bars) if (b.colors == LIGHT.good).all()]
    assert len(marks) == 1
    assert marks[0].rects[:, 0] + 3 == pytest.approx([picture.x_of(100), picture.x_of(200)])


@pytest.mark.parametrize("log", [False, True])
def test_words_stand_over_the_plot_where_no_line_runs_through_them(log: bool) -> None:
    held_out = ((100.0, 2.0), (200.0, 1.5))
    for iteration in (0, 20, 150, 299):
        options = CurveOptions(log=log, classes=4, gradient=True, held_out=held_out)
        picture = curve_picture(falling(300), iteration, LIGHT, 560, 90, options)
        words = [label for label in shapes_of(picture, Label) if label.align == "left"]
        assert {label.text.split()[0] for label in words} >= {"guessing:", "held-out", "iteration"}
        for label in words:
            assert label.rect.bottom <= picture.plot.y - 8


def test_a_line_of_guessing_that_is_out_of_sight_is_not_named() -> None:
    history = history_of([1e-4 * 0.99**k for k in range(200)])
    picture = curve_picture(history, 0, LIGHT, 900, 160, CurveOptions(classes=4, log=True))
    assert not any(wire.dashed for wire in shapes_of(picture, Wire))
    assert not any("guessing" in label.text for label in shapes_of(picture, Label))


@pytest.mark.parametrize(("width", "height"), [(240, 64), (900, 110), (2400, 300)])
@pytest.mark.parametrize("count", [0, 1, 2, 150, 30_000])
@pytest.mark.parametrize("log", [False, True])
def test_no_words_overlap_or_leave_the_panel(
    width: float, height: float, count: int, log: bool
) -> None:
    history = falling(count) if count else History()
    for iteration in {0, count // 2, max(count - 1, 0)}:
        options = CurveOptions(log=log, classes=4, gradient=True)
        picture = curve_picture(history, iteration, LIGHT, width, height, options)
        assert faults(picture) == []


def test_the_raw_loss_is_one_line_or_a_band_without_gaps_however_many_iterations() -> None:
    for count in (40, 300, 700, 5000):
        noisy = history_of([2.0 + math.sin(k) for k in range(count)])
        picture = curve_picture(noisy, count - 1, LIGHT, 900, 120)
        bands = [bars for bars in shapes_of(picture, Bars) if len(bars.rects) > 20]
        for bars in bands:
            ends = bars.rects[:-1, 0] + bars.rects[:-1, 2]
            assert (bars.rects[1:, 0] <= ends + 1e-9).all()
        lines = [curve for curve in shapes_of(picture, Curve) if len(curve.points) > 20]
        assert len(bands) + len(lines) >= 2


def test_the_legend_says_all_of_it_where_there_is_room() -> None:
    options = CurveOptions(gradient=True, classes=4, counted=4.0, held_out=((100, 2.0),))
    picture = curve_picture(falling(500), 300, LIGHT, 640, 120, options)
    words = [label.text for label in shapes_of(picture, Label)]
    assert any(word.endswith(", log") for word in words)
    assert not any("…" in word for word in words)


def line_of(picture: CurvePicture) -> Curve:
    return next(curve for curve in shapes_of(picture, Curve) if curve.width == 2.0)


def loss_at(picture: CurvePicture, y: float) -> float:
    ticks = [s for s in shapes_of(picture, Label) if s.align == "right" and s.rect.x == 0]
    (a, at_a), (b, at_b) = ((float(s.text), s.rect.center[1]) for s in (ticks[0], ticks[-1]))
    return a + (y - at_a) / (at_b - at_a) * (b - a)


@pytest.mark.parametrize("count", [60, 259, 3_000, 60_000])
def test_the_thick_line_ends_where_the_losses_are(count: int) -> None:
    losses = [2.0 if k < 0.9 * count else 0.03 for k in range(count)]
    picture = curve_picture(history_of(losses), count - 1, LIGHT, 900, 160)
    assert loss_at(picture, line_of(picture).points[-1, 1]) == pytest.approx(0.03, abs=0.02)
    assert line_of(picture).points[-1, 0] == pytest.approx(picture.plot.right, abs=0.5)


def test_the_legend_says_which_line_is_each_iteration_and_which_a_mean_of_how_many() -> None:
    many = curve_picture(falling(3_000), 0, LIGHT, 900, 160, CurveOptions(classes=4))
    words = [label.text for label in shapes_of(many, Label)]
    assert "mean of last 50" in words
    assert "each iteration" in words
    few = curve_picture(falling(60), 0, LIGHT, 900, 160)
    words = [label.text for label in shapes_of(few, Label)]
    assert "each iteration" in words
    assert not any("mean" in text for text in words)


def test_the_words_at_the_marker_grow_shorter_before_they_are_cut() -> None:
    options = CurveOptions(classes=4, held_out=((100.0, 2.0),))
    picture = curve_picture(falling(300), 299, LIGHT, 520, 120, options)
    words = [label.text for label in shapes_of(picture, Label)]
    assert any(text.startswith("iteration 299") and "…" not in text for text in words)
