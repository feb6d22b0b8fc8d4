"""The path of the state: every word beside its dot, none over another."""

import numpy as np
import pytest

from rnnviz.scene.lab.trajectory import StatePath, trajectory_picture
from rnnviz.scene.shapes import Label
from rnnviz.scene.theme import LIGHT
from tests.scene.label_boxes import faults


def path(points: np.ndarray, words: tuple[str, ...]) -> StatePath:
    return StatePath("l0", points, np.empty((0, 2)), np.array([0.5, 0.3]), None, 2.0, words)


@pytest.mark.parametrize("width", [260.0, 640.0])
@pytest.mark.parametrize("spread", [0.0, 0.05, 0.3, 1.0])
def test_no_word_lies_over_another_however_close_the_states_are(
    spread: float, width: float
) -> None:
    rng = np.random.default_rng(4)
    points = np.clip(rng.normal(size=(30, 2)) * spread, -1.8, 1.8)
    words = tuple(rng.choice(["the", "posters", "say", "nothing", "painful"], 30))
    picture = trajectory_picture(path(points, words), LIGHT, width, cursor=17)
    assert faults(picture) == []
    shown = {s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)}
    assert words[17] in shown, "the cursor's word comes first"
