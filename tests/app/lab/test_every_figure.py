"""Every figure of the catalogue on every model: its words keep to their places."""

from __future__ import annotations

from typing import Any

import pytest

from rnnviz.app.lab.catalog import Figure, figures
from rnnviz.app.lab.request import Marks, Request
from rnnviz.scene.theme import DARK, LIGHT
from rnnviz.trace import UserError
from tests.app.lab.requests import go, request_of, run_of
from tests.scene.label_boxes import faults

EVERY = [each.id for each in figures()]
MODELS = {
    "hello": {},
    "lstm": {"cell": "lstm", "hidden_size": 12},
    "stacked gru": {"cell": "gru", "hidden_size": 9, "layers": 2},
    "both ways": {"cell": "rnn", "hidden_size": 4, "bidirectional": True},
}
NEED_GRADIENTS = ("flow", "history", "causes", "by-hand", "memory", "clipping")


def drawn(figure: Figure, request: Request, width: float, theme: Any) -> list[str]:
    result = figure.measure(request, go)
    marks = (Marks(), Marks(1), Marks(2, loss=3), Marks(0, state=1))
    found = []
    for mark in marks:
        picture = figure.draw(result, theme, width, mark)
        assert picture.summary
        found += faults(picture)
    return found


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("model", MODELS)
def test_no_words_of_a_figure_overlap_or_leave_it(name: str, model: str) -> None:
    figure = next(each for each in figures() if each.id == name)
    request = request_of(run_of(**MODELS[model]), iterations=1, unit=2, start=1, stop=2)
    for width, theme in ((262.0, LIGHT), (560.0, DARK)):
        assert drawn(figure, request, width, theme) == []


@pytest.mark.parametrize("name", NEED_GRADIENTS)
def test_a_figure_that_needs_gradients_says_so_for_a_sample(name: str) -> None:
    run = run_of()
    figure = next(each for each in figures() if each.id == name)
    with pytest.raises(UserError):
        figure.measure(Request(run.sample("h", 5), "l0", 0), go)


@pytest.mark.parametrize("name", sorted(set(EVERY) - set(NEED_GRADIENTS)))
def test_every_other_figure_shows_a_sample_too(name: str) -> None:
    run = run_of()
    figure = next(each for each in figures() if each.id == name)
    request = Request(run.sample("h", 5), "l0", 0, {}, run.config, run.history)
    assert faults(figure.draw(figure.measure(request, go), LIGHT, 300.0, Marks())) == []
