"""Figures of the laboratory in a window of their own, and what is taken away from a card."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.scene.lab.causes import Causes
from tests.app.lab.stage import shown

Until = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton


def test_the_large_window_shows_several_figures_and_closes_with_the_other(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    QTest.mouseClick(shell.window.lab.large, LEFT)
    large = shell.lab.large
    assert large is not None
    assert [each for each in large.cards if each.isVisible()] == [large.alone]
    assert large.alone is not None
    assert large.alone.large_button is not None
    QTest.mouseClick(large.alone.large_button, LEFT)
    assert large.alone is None
    until(lambda: all(each.result is not None for each in large.cards))
    assert len(large.cards) == 4
    QTest.mouseClick(large.add_button, LEFT)
    assert len(large.cards) == 5
    large.remove(large.cards[0])
    assert len(large.cards) == 4
    until(lambda: all(each.result is not None for each in large.cards))
    shell.window.close()
    assert not large.isVisible()


def test_the_keys_of_the_pass_and_of_the_program_work_in_the_large_window_too(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    QTest.mouseClick(shell.window.lab.large, LEFT)
    large = shell.lab.large
    assert large is not None
    large.activateWindow()
    until(large.isActiveWindow)
    QTest.keyClick(large, Qt.Key.Key_Home)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(large, key)
    assert shell.model.position == 1
    assert large.focusWidget() is large, "no button takes Space"
    QTest.keyClick(large, Qt.Key.Key_Space)
    assert shell.player.playing
    QTest.keyClick(large, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not large.isVisible()
    assert shell.window.isVisible()


def test_one_figure_large_is_enlarged_whole_and_still_takes_clicks(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("matches")
    card.controls.field("threshold").set_value(0.05)
    QTest.mouseClick(shell.window.lab.large, LEFT)
    large = shell.lab.large
    assert large is not None
    large.resize(1600, 900)
    alone = large.alone
    assert alone is not None
    assert alone.figure.id == "matches"
    assert alone.controls.options()["threshold"] == pytest.approx(0.05)
    shell.lab.show_large("flow")
    alone = large.alone
    assert alone is not None
    until(lambda: alone.result is not None)
    picture = alone.view.picture
    assert picture is not None
    zoom = alone.view.width() / picture.width
    assert zoom > 1.1
    assert alone.view.height() == pytest.approx(picture.height * zoom, abs=1)
    assert alone.view.height() < large.height()
    rect = next(hit.rect for hit in picture.hits if hit.node == "step@2")
    x, y = rect.center
    QTest.mouseClick(alone.view, LEFT, pos=QPoint(round(x * zoom), round(y * zoom)))
    assert shell.model.state is not None
    assert shell.model.state.cursor.column == 2


@pytest.mark.parametrize("width", [1180, 1900])
def test_one_figure_large_is_in_sight_together_with_its_settings(
    shell: Shell, until: Until, width: int
) -> None:
    shell.lab.show_large("by-hand")
    large = shell.lab.large
    assert large is not None
    large.resize(width, 660)
    alone = large.alone
    assert alone is not None
    until(lambda: alone.result is not None)
    view, settings = alone.view, alone.controls

    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(large, QPoint(0, 0)), widget.size())

    until(lambda: place(view).bottom() <= large.height() and place(view).top() > 0)
    assert place(settings).bottom() <= large.height()
    assert not place(settings).intersects(place(view))
    assert alone.view.width() > 0.6 * width


def test_the_what_if_of_the_panel_is_seen_large_too(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("what-if")
    until(lambda: card.result is not None)
    assert isinstance(card.controls, WhatIfControls)
    card.controls.form.value.setValue(0.123)
    shell.lab.show_large("what-if")
    large = shell.lab.large
    assert large is not None
    alone = large.alone
    assert alone is not None
    until(lambda: alone.result is not None and bool(alone.result.edits))
    assert "0.123" in alone.result.edits[0]


@pytest.mark.parametrize("figure", ["flow", "history", "causes", "saturation", "activity"])
def test_the_numbers_of_a_figure_are_copied_under_their_documented_names(
    shell: Shell, card: FigureCard, until: Until, figure: str
) -> None:
    card.choose(figure)
    until(lambda: card.result is not None)
    QGuiApplication.clipboard().clear()
    copy = card.menu.menu().actions()[0]
    copy.trigger()
    until(lambda: bool(QGuiApplication.clipboard().text()))
    names = {line.split("\t")[0] for line in QGuiApplication.clipboard().text().splitlines()}
    documented = {
        "flow": "norm_dL_dh",
        "history": "log10_norm_dL_dh",
        "causes": "shares",
        "saturation": "h_l0_left",
        "activity": "top_probabilities",
    }
    assert documented[figure] in names
    assert shell.window.banner.text.text().startswith("Copied the numbers of")


def test_the_picture_and_the_numbers_of_a_card_are_saved_where_the_user_says(
    shell: Shell,
    card: FigureCard,
    until: Until,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = iter((tmp_path / "who.svg", tmp_path / "who.npz"))
    monkeypatch.setattr(FileDialogs, "to_save", lambda *_: next(files))
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes))
    _, save, picture = card.menu.menu().actions()
    picture.trigger()
    assert "who caused it" in (tmp_path / "who.svg").read_text(encoding="utf-8")
    save.trigger()
    until(lambda: "Saved the numbers" in shell.window.banner.text.text())
    with np.load(tmp_path / "who.npz") as saved:
        np.testing.assert_array_equal(saved["log10_norm"], card.result.log10)


def test_closed_the_large_window_is_asked_for_nothing(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    shell.lab.open_large()
    large = shell.lab.large
    assert large is not None
    until(lambda: all(each.result is not None for each in large.cards))
    until(large.isActiveWindow)
    QTest.keyClick(large, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not large.isVisible()
    assert shell.window.isVisible()
    asked = [each.asked for each in large.cards]
    assert shell.desk is not None
    shell.desk.once()
    until(lambda: shown(shell).iteration == 1)
    until(lambda: card.age.words.startswith("iteration 1, "))
    assert [each.asked for each in large.cards] == asked
