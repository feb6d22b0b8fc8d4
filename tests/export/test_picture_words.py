"""No picture that `rnnviz render` draws has a word of the program cut off or run into another."""

from __future__ import annotations

from typing import Any

import pytest

from rnnviz.export.pictures import view_picture
from rnnviz.export.view_names import VIEWS
from rnnviz.trace import Trace
from tests.scene.label_boxes import faults, words_of
from tests.scene.test_label_grid import Case, engine_pass

MODELS: dict[str, tuple[Any, ...]] = {
    "hello": ("aligned", "rnn", 1, False, 3, 4, 4, "plain"),
    "2 layers": ("aligned", "rnn", 2, False, 3, 4, 4, "plain"),
    "4 layers of an LSTM in both directions": ("aligned", "lstm", 4, True, 16, 65, 25, "arabic"),
    "output-recurrent": ("aligned", "jordan", 1, False, 3, 4, 25, "long"),
    "encoder and decoder": ("many-to-many", "gru", 3, True, 8, 5, 12, "hebrew"),
    "a wide one": ("many-to-one", "rnn", 2, False, 512, 65, 25, "chinese"),
    "numbers": ("vectors", "gru", 2, True, 3, 4, 25, "plain"),
}


@pytest.mark.parametrize("size", [None, (900, 600), (1280, 720), (3840, 2160)], ids=str)
@pytest.mark.parametrize("model", MODELS)
def test_a_single_view_says_every_word_in_full(model: str, size: tuple[int, int] | None) -> None:
    trace = engine_pass(Case(*MODELS[model], (900.0, 600.0)))
    for view in VIEWS:
        if view != "product" or trace.spec.cell != "jordan":
            check(trace, view, size)


def check(trace: Trace, view: str, size: tuple[int, int] | None) -> None:
    for step in (None, 1, trace.columns):
        picture = view_picture(view, trace, size, step=step)
        assert faults(picture, words_of(trace)) == [], f"{view} at step {step}"
