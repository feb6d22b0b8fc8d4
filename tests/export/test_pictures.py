"""A picture of one kind of strips holds that kind and nothing else."""

import numpy as np
import pytest

from rnnviz.export.pictures import view_picture
from rnnviz.scene.shapes import Bars
from rnnviz.scene.strips import StripsPicture
from rnnviz.session import Run, RunConfig
from tests.scene.label_boxes import faults, words_of
from tests.scene.traces import make_trace


@pytest.mark.parametrize(
    ("view", "families"),
    [
        ("states", {"tokens", "heat"}),
        ("gradients", {"tokens", "norms"}),
        ("loss", {"tokens", "loss"}),
    ],
)
@pytest.mark.parametrize("task", ["hello", "translation"])
def test_a_view_of_one_kind_of_strips_shows_only_these(
    task: str, view: str, families: set[str]
) -> None:
    trace = Run.create(RunConfig(task=task)).trace()
    for _ in range(2):  # nor does the picture before leave anything behind
        picture = view_picture(view, trace, (1600, 1000))
        assert isinstance(picture, StripsPicture)
        assert {placed.strip.family for placed in picture.placed} == families
        assert not any(placed.collapsed for placed in picture.placed)


@pytest.mark.parametrize("size", [(640, 360), (800, 600), (1280, 720), (1920, 1080), (3840, 2160)])
def test_a_stage_of_any_size_names_what_it_has_no_room_for_and_cuts_nothing(
    size: tuple[int, int],
) -> None:
    for layers in (1, 3):
        trace = make_trace(cell="lstm", layers=layers)
        picture = view_picture("stage", trace, size)
        assert picture.height == size[1]
        assert faults(picture, words_of(trace)) == []
        assert ("No room for" in picture.summary) == bool(picture.left_out)


def test_the_graph_of_a_stage_gives_way_where_all_strips_then_have_room() -> None:
    trace = make_trace(bidirectional=True)
    room = 720 - round(720 * 0.56)
    assert view_picture("strips", trace, (1280, room)).left_out
    assert view_picture("stage", trace, (1280, 720)).left_out == ()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)])
def test_a_large_stage_is_filled_from_edge_to_edge(size: tuple[int, int]) -> None:
    trace = make_trace()
    picture = view_picture("stage", trace, size)
    boxes = np.concatenate([
        shape.rects for layer in picture.layers for shape in layer.shapes
        if isinstance(shape, Bars)
    ])  # fmt: skip
    assert (boxes[:, 1] + boxes[:, 3]).max() >= size[1] - 60
    assert (boxes[:, 0] + boxes[:, 2]).max() >= size[0] * 0.88
