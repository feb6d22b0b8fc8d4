"""Where the pictures that a network looks at stand on the graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Label, Picture24
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import faults
from tests.scene.shaped import shaped_trace

WIDTH, HEIGHT = 700.0, 300.0


def shapes_of(trace: Trace) -> list[object]:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, WIDTH - 194.0)
    cursor = cursor_at(timeline, float(len(timeline)))
    picture = graph_picture(ViewState(trace, timeline, cursor, axis, LIGHT), WIDTH, HEIGHT)
    assert faults(picture) == []
    return [shape for layer in picture.layers for shape in layer.shapes]


def looking(kind: str, steps: int, pictures: int) -> Trace:
    spec = ModelSpec(
        kind=kind,  # type: ignore[arg-type]  # one of the sequence kinds
        input_kind="vector", input_size=12, hidden_size=8, output_size=3,
    )  # fmt: skip
    trace = shaped_trace(spec, steps)
    pixels = np.random.default_rng(1).integers(0, 255, (pictures, 1, 8, 8, 3)).astype(np.uint8)
    return replace(trace, arrays={**trace.arrays, "pictures": pixels})


@pytest.mark.parametrize(
    ("kind", "steps", "pictures", "word"),
    [
        ("one-to-one", 1, 1, "picture"),  # a digit under its only step
        ("many-to-one", 6, 1, "picture"),  # a digit that is read row by row
        ("aligned", 5, 5, "frame"),  # a clip
    ],
)
def test_every_picture_is_drawn_once_and_named(
    kind: str, steps: int, pictures: int, word: str
) -> None:
    trace = looking(kind, steps, pictures)
    shapes = shapes_of(trace)
    drawn = [shape for shape in shapes if isinstance(shape, Picture24)]
    assert len(drawn) == pictures
    for number, shape in enumerate(sorted(drawn, key=lambda s: s.rect.x)):
        np.testing.assert_array_equal(shape.pixels, trace["pictures"][number, 0])
        assert shape.rect.w >= 24.0
    assert word in [shape.text for shape in shapes if isinstance(shape, Label)]


@pytest.mark.parametrize(("steps", "drawn"), [(60, 60), (3000, 0)])
def test_a_clip_too_long_for_boxes_has_its_pictures_as_long_as_they_find_room(
    steps: int, drawn: int
) -> None:
    shapes = shapes_of(looking("aligned", steps, steps))
    assert len([shape for shape in shapes if isinstance(shape, Picture24)]) == drawn
