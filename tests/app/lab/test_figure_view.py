"""A figure on screen is composed once for every picture, however often it is painted."""

from functools import partial

import pytest
from PySide6.QtWidgets import QApplication

from rnnviz.app.lab.figure_view import FigureView
from rnnviz.scene.lab.sheet import message_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import DARK, LIGHT, Theme


@pytest.fixture
def view(qapp: QApplication) -> FigureView:
    made = FigureView()
    made.resize(400, 200)
    return made


def say(view: FigureView, text: str, theme: Theme = LIGHT) -> None:
    view.set_draw(lambda width: message_picture(theme, width, text), "message")


def test_a_picture_is_composed_once_and_a_new_one_anew(view: FigureView) -> None:
    composed: list[object] = []
    compose = view._painter.compose
    view._painter.compose = lambda picture, ratio: (  # type: ignore[method-assign]  # to count
        composed.append(picture),
        compose(picture, ratio),
    )[1]
    say(view, "one")
    first = view.grab().toImage()
    composed.clear()
    assert view.grab().toImage() == first
    assert not composed
    say(view, "two", DARK)
    assert view.grab().toImage() != first
    assert len(composed) == 1


def test_with_room_given_the_letters_grow_and_without_it_they_are_as_everywhere(
    view: FigureView,
) -> None:
    view.resize(1300, 200)
    say(view, "a sentence")
    low = view.height()
    view.set_room(600.0)
    assert view.height() == pytest.approx(3.0 * low, abs=2)
    view.set_room(None)
    assert view.height() == low


def test_the_enlargement_stays_while_the_kind_of_figure_does(view: FigureView) -> None:
    view.resize(1300, 200)
    view.set_room(100.0)
    long = "a long sentence that needs its lines " * 12
    view.set_draw(partial(_picture, long), "one kind")
    width = view.picture.width if view.picture is not None else 0.0
    view.set_draw(partial(_picture, "short"), "one kind")
    assert view.picture is not None
    assert view.picture.width == width
    view.set_draw(partial(_picture, "short"), "another kind")
    assert view.picture.width < width


def _picture(text: str, width: float) -> Picture:
    return message_picture(LIGHT, width, text)
