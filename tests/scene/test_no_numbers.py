"""After a divergence every view says that there are no numbers; none breaks or keeps silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.export.pictures import state_picture, view_state
from rnnviz.export.view_names import PASS_VIEWS
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.shapes import Bars, Label, Picture
from rnnviz.scene.steplist import StepList
from rnnviz.scene.totals import own_total
from rnnviz.trace import Trace
from tests.scene.test_every_model import MODELS, state_of, trace_of


def broken(trace: Trace, value: float) -> Trace:
    """The pass as it is when the scores overflow: states are numbers, all after them is not."""
    after = ("logits", "probs", "loss", "dL_d", "step_norm")
    lost = {
        name: np.full_like(array, value)
        for name, array in trace.arrays.items()
        if name.startswith(after) and array.dtype.kind == "f" and name != "loss_mask"
    }
    return replace(trace, arrays={**trace.arrays, **lost})


def words(picture: Picture) -> str:
    shapes = (shape for layer in picture.layers for shape in layer.shapes)
    return " ".join(shape.text for shape in shapes if isinstance(shape, Label))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("options", MODELS[:9], ids=lambda o: " ".join(map(str, o.values())))
def test_every_view_of_a_diverged_pass_is_honest(
    options: dict[str, Any], value: float, rng: np.random.Generator
) -> None:
    trace = broken(trace_of(options, rng), value)
    sign = "NaN" if np.isnan(value) else "∞"
    for position in (5.0, None):
        for view in PASS_VIEWS:
            if view in ("cell", "product") and options.get("cell") is None:
                continue
            state = view_state(trace, None if position is None else 2, "light", 1200.0)
            said = words(state_picture(view, state, (1200, 800)))
            assert "nan" not in said.replace("NaN", "")
            if view in ("graph", "strips", "gradients"):
                assert sign in said, view
    lines = StepList(trace, view_state(trace, None, "light", 900.0).timeline)
    assert any(sign in lines.text(index) for index in range(len(lines)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("options", MODELS[:9], ids=lambda o: " ".join(map(str, o.values())))
def test_views_are_drawn_of_a_pass_whose_weights_have_diverged(
    options: dict[str, Any], value: float, rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    for lost in ("W_", "dL_d", "probs"):
        arrays = {k: np.full_like(a, value) for k, a in trace.arrays.items() if k.startswith(lost)}
        for view in PASS_VIEWS:
            if view in ("cell", "product") and options.get("cell") is None:
                continue
            state = view_state(trace.joined(arrays), 2, "light", 1200.0)
            for layer in state_picture(view, state, (1200, 800)).layers:
                for shape in layer.shapes:
                    if isinstance(shape, Bars):
                        assert np.isfinite(shape.rects).all(), view


@pytest.mark.parametrize("options", MODELS[:9], ids=lambda o: " ".join(map(str, o.values())))
def test_a_cell_is_drawn_of_a_pass_that_came_without_weights(
    options: dict[str, Any], rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    bare = {name: array for name, array in trace.arrays.items() if not name.startswith("W_")}
    if options.get("cell") is not None:
        state = view_state(replace(trace, arrays=bare), 2, "light", 1200.0)
        assert "Inside of a cell" in state_picture("cell", state, (1200, 800)).summary


def test_the_sum_of_losses_without_numbers_is_no_number(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "rnn"}, rng)
    endless = np.full_like(trace["loss_mask"], np.inf)
    nothing = np.zeros_like(trace["loss"])
    assert np.isnan(own_total(trace.joined({"loss_mask": endless, "loss": nothing}), 0) or 0.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_the_inspector_draws_no_bar_of_a_probability_that_is_no_number(
    value: float, rng: np.random.Generator
) -> None:
    trace = trace_of({"cell": "rnn"}, rng)
    lost = trace.joined({"probs": np.full(trace.shape("probs"), value)})
    for node in ("logits@1", "loss@1"):
        picture = inspector_picture(state_of(lost, node), 340.0, 900.0)
        shapes = [shape for layer in picture.layers for shape in layer.shapes]
        bars = [shape for shape in shapes if isinstance(shape, Bars)]
        assert bars
        assert all(np.isfinite(bar.rects).all() for bar in bars)
