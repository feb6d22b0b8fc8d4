"""Figures of a pass in which something is infinite or no number: drawn, or refused in words."""

from contextlib import suppress
from itertools import product

import numpy as np
import pytest

from rnnviz.app.lab.catalog import figures
from rnnviz.app.lab.request import Marks, Request
from rnnviz.scene.shapes import Bars
from rnnviz.scene.theme import theme
from rnnviz.trace import UserError
from tests.scene.test_every_model import trace_of


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize(
    ("options", "lost"),
    [
        ({"cell": "rnn"}, "loss"),
        ({"cell": "rnn"}, "h_l0"),
        ({"cell": "rnn"}, "dL_da_l0"),
        ({"cell": "lstm"}, "h0_l0"),
        ({"cell": "lstm"}, "W_hh_l0"),
        ({"cell": "gru"}, "probs"),
        ({"cell": "rnn", "kind": "many-to-many"}, "decoder_h_l0"),
    ],
)
def test_a_figure_of_a_diverged_pass_has_no_bar_without_numbers(
    options: dict[str, str], lost: str, value: float, rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    one, every = trace[lost].copy(), np.full(trace.shape(lost), value)
    one.reshape(-1)[-1] = value
    layer = "decoder_l0" if lost.startswith("decoder") else f"{trace.spec.prefixes[0]}l0"
    for spoiled, figure in product((one, every), figures()):
        request = Request(trace.joined({lost: spoiled}), layer, 0, {}, None, None)
        with suppress(UserError), np.errstate(over="ignore", invalid="ignore"):
            found = figure.measure(request, lambda done, total: True)
            picture = figure.draw(found, theme("light"), 400.0, Marks())
            shapes = [shape for shapes in picture.layers for shape in shapes.shapes]
            bars = [shape for shape in shapes if isinstance(shape, Bars)]
            assert all(np.isfinite(bar.rects).all() for bar in bars), figure.id
