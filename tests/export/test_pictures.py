"""A picture of one kind of strips holds that kind and nothing else."""

import pytest

from rnnviz.export.pictures import view_picture
from rnnviz.scene.strips import StripsPicture
from rnnviz.session import Run, RunConfig


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
