"""Cells of outputs and one-hot inputs say what they stand for; the wanted one has a frame."""

import numpy as np
import pytest

from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Box, Cells, Label, Picture
from rnnviz.scene.theme import LIGHT
from tests.scene.test_totals import at_end
from tests.scene.traces import make_trace


def labels(picture: Picture) -> list[Label]:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


def frames(picture: Picture) -> list[Box]:
    boxes = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Box)]
    return [b for b in boxes if b.stroke == LIGHT.gradient and not b.fill and b.radius == 1.0]


def cells_of(picture: Picture, values: np.ndarray) -> tuple[Cells, float, float]:
    """The cells that show a vector, and where they begin."""
    for layer in picture.layers:
        for shape in layer.shapes:
            if isinstance(shape, Cells) and shape.values.shape[1] == len(values):
                for number, row in enumerate(shape.values):
                    if np.array_equal(row, values):
                        return shape, float(shape.xs[number]), float(shape.ys[number])
    raise AssertionError("not shown")


def test_every_cell_of_outputs_and_inputs_has_its_symbol_over_it() -> None:
    trace = make_trace()
    picture = graph_picture(at_end(trace), 990.0, 560.0)
    for color, name in ((LIGHT.output, "probs"), (LIGHT.input, "x")):
        words = [s for s in labels(picture) if s.color == color and s.text in trace.labels.classes]
        assert len(words) == trace.columns * len(trace.labels.classes)
        shown, left, top = cells_of(picture, trace[name][0, 0])
        assert all(word.rect.bottom <= top + 0.5 for word in words)
        for number, word in enumerate(words[: len(trace.labels.classes)]):
            middle = left + number * (shown.w + shown.gap) + shown.w / 2
            assert word.rect.center[0] == pytest.approx(middle, abs=0.6)


def test_the_wanted_cell_has_a_frame_as_in_the_strips_also_where_symbols_do_not_fit() -> None:
    trace = make_trace()
    for height in (300.0, 560.0):
        picture = graph_picture(at_end(trace), 990.0, height)
        found = frames(picture)
        assert len(found) == trace.columns
        for column, frame in enumerate(found):
            shown, left, _ = cells_of(picture, trace["probs"][column, 0])
            left += int(trace["targets"][column, 0]) * (shown.w + shown.gap)
            assert frame.rect.x < left < left + shown.w < frame.rect.right


def test_the_word_beside_an_output_is_called_the_target() -> None:
    trace = make_trace()
    state = at_end(trace, 300.0)
    words = [s.text for s in labels(graph_picture(state, 1500.0, 560.0))]
    assert words.count("target") == trace.columns
    small = [s.text for s in labels(graph_picture(at_end(trace), 990.0, 300.0))]
    assert "target" not in small
    assert "“o”" not in small
