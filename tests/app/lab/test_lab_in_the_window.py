"""The laboratory in the window: real clicks, computed aside, nothing left behind."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from rnnviz.analysis import contributions, walk_back
from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.scene.captions import pass_words
from rnnviz.scene.lab.causes import Causes, MatrixPicture
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def shown(shell: Shell) -> Trace:
    assert shell.model.state is not None
    return shell.model.state.trace


def click(card: FigureCard, node: str) -> None:
    """A real click in the middle of the first place of that name."""
    picture = card.view.picture
    assert picture is not None
    rect = next(hit.rect for hit in picture.hits if hit.node == node)
    x, y = rect.center
    QTest.mouseClick(card.view, LEFT, pos=QPoint(round(x), round(y)))


def test_nothing_is_computed_while_the_laboratory_is_out_of_sight(
    shell: Shell, until: Until
) -> None:
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shown(shell).iteration == 1)
    assert shell.window.lab.card.asked is None
    assert not shell.lab.worker.busy


def test_ctrl_l_opens_it_and_the_figure_follows_training(shell: Shell, until: Until) -> None:
    QTest.keyClick(shell.window, Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    card = shell.window.lab.card
    until(lambda: card.result is not None)
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shown(shell).iteration == 1)
    until(lambda: card.age.words.startswith("iteration 1, "))
    recorded = np.linalg.norm(shown(shell)["dL_dh_l0"][:, 0], axis=1)
    np.testing.assert_allclose(10 ** card.result.norms[0].log10, recorded, rtol=1e-5)
    assert card.view.accessibleDescription().startswith("Gradient norm of layer 1")


def test_a_loss_is_clicked_walked_back_and_selected_on_the_stage(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes))
    np.testing.assert_array_equal(card.result.log10, contributions(shown(shell)).log10_norm)
    click(card, "loss@3")
    assert shell.model.state is not None
    assert shell.model.state.selected == "loss@3"
    until(lambda: "walks back" in texts(card))
    click(card, "state@1")
    assert shell.model.state.selected == "h_l0@1"
    until(lambda: "What reaches h₂" in texts(card))


def test_a_loss_walks_back_through_the_graph_and_the_figures_stay_with_the_whole_pass(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    base = shown(shell)
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes))
    click(card, "loss@2")
    until(lambda: shown(shell) is not base)
    expected = walk_back(base, 2)
    np.testing.assert_allclose(shown(shell)["dL_dh_l0"][:, 0], expected.vectors, atol=1e-6)
    assert shell.player.playing
    assert "loss of step 3 alone" in shell.window.banner.text.text()
    until(lambda: not shell.lab.busy)
    np.testing.assert_array_equal(card.result.log10, contributions(base).log10_norm)
    click(card, "loss@0")
    until(lambda: float(shown(shell)["loss_total"]) == pytest.approx(float(base["loss"][0, 0])))
    click(card, "loss@0")
    until(lambda: not shell.held and shown(shell)["h_l0"].dtype == base["h_l0"].dtype)
    np.testing.assert_array_equal(shown(shell)["dL_dh_l0"], base["dL_dh_l0"])


def test_a_loss_of_the_graph_walks_back_while_who_caused_it_is_open_and_escape_ends_it(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    base = shown(shell)
    graph = shell.window.stage.graph

    def click_graph(node: str) -> None:
        picture = graph.picture
        assert picture is not None
        x, y = next(hit.rect for hit in picture.hits if hit.node == node).center
        QTest.mouseClick(graph, LEFT, pos=QPoint(round(x), round(y)))

    click_graph("loss@1")
    end = monotonic() + 0.2
    until(lambda: monotonic() > end)
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes) and not shell.lab.busy)
    assert shown(shell) is base  # selected before anybody listened
    click_graph("loss@3")
    until(lambda: shown(shell) is not base)
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: not shell.held and shown(shell)["h_l0"].dtype == np.float32)
    until(lambda: shell.lab.pointing.loss is None)
    click_graph("h_l0@1")
    until(lambda: "What reaches h₂" in texts(card))
    assert shown(shell)["h_l0"].dtype == np.float32


def test_a_cell_of_the_matrix_selects_its_state(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("causes")
    until(lambda: isinstance(card.view.picture, MatrixPicture))
    picture = card.view.picture
    assert isinstance(picture, MatrixPicture)
    assert picture.matrix is not None
    m = picture.matrix
    QTest.mouseClick(card.view, LEFT, pos=QPoint(round(m.x + m.w * 0.6), round(m.y + m.h * 0.9)))
    assert shell.model.state is not None
    assert shell.model.state.selected == "h_l0@2"


def test_a_step_of_a_curve_moves_the_cursor_of_all_views(shell: Shell, card: FigureCard) -> None:
    click(card, "step@1")
    assert shell.model.state is not None
    assert shell.model.state.cursor.column == 1


def texts(card: FigureCard) -> str:
    from rnnviz.scene.shapes import Label

    picture = card.view.picture
    assert picture is not None
    return " ".join(
        s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)
    )


def test_a_sample_on_the_stage_has_no_gradients_and_the_figure_says_so(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    QTest.keyClick(shell.window, Key.Key_G)
    until(lambda: shown(shell).mode == "sample")
    until(lambda: "no gradients" in texts(card))
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: shown(shell).mode == "train")
    until(lambda: card.result is not None)


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
    large.close()
    asked = [each.asked for each in large.cards]
    assert shell.desk is not None
    shell.desk.once()
    until(lambda: shown(shell).iteration == 1)
    until(lambda: card.age.words.startswith("iteration 1, "))
    assert [each.asked for each in large.cards] == asked


def test_three_cells_are_trained_aside_and_the_run_on_the_table_is_not(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    assert shell.desk is not None
    card.choose("cells")
    until(lambda: card.result is not None)
    card.controls.field("iterations").set_value(30)
    until(lambda: card.result is not None and card.result.iteration == 30)
    assert [curve.cell for curve in card.result.curves] == ["rnn", "lstm", "gru"]
    assert shell.desk.run.iteration == 0
    assert not card.result.again


def test_training_three_cells_aside_shows_how_far_it_is_and_can_be_cancelled(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("cells")
    card.controls.field("iterations").set_value(100_000)
    until(card.bar.isVisible)
    QTest.mouseClick(card.cancel, LEFT)
    until(lambda: not shell.lab.busy)
    reached = card.result.iteration
    assert not card.bar.isVisible()
    assert "a newer one" not in card.age.words
    end = monotonic() + 0.6
    until(lambda: monotonic() > end)
    assert not shell.lab.busy
    assert card.result.iteration == reached < 100_000
    card.controls.field("iterations").set_value(reached + 1)
    until(lambda: card.result.iteration == reached + 1)


def test_a_range_is_brushed_over_the_text_in_one_drag(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("matches")
    until(lambda: card.result is not None)
    picture = card.view.picture
    assert picture is not None
    places = {hit.node: hit.rect.center for hit in picture.hits}
    first, last = (QPoint(*map(round, places[f"brush@{t}"])) for t in (1, 3))
    QTest.mousePress(card.view, LEFT, pos=first)
    QTest.mouseMove(card.view, last)
    QTest.mouseRelease(card.view, LEFT, pos=last)
    options = card.controls.options()
    assert (options["start"], options["stop"]) == (2, 4)
    QTest.mousePress(card.view, LEFT, pos=last)
    QTest.mouseRelease(card.view, LEFT, pos=first)
    assert card.controls.options() == options, "backwards is the same range"


def test_every_layer_of_a_stack_can_be_looked_at(shell: Shell, until: Until) -> None:
    from rnnviz.session.config import ModelOptions

    assert shell.desk is not None
    made = Run.create(RunConfig(task="hello", model=ModelOptions(layers=2)))
    shell.desk._put_run(made)
    until(lambda: shown(shell).spec.layers == 2)
    shell.window.show_lab()
    panel = shell.window.lab
    until(lambda: panel.card.result is not None and panel.layers.isVisible())
    assert panel.card.result.layer == "l1"
    panel.layers.box.setCurrentText("layer 1")
    panel.layers.chosen.emit("l0")
    until(lambda: panel.card.result.layer == "l0")


def test_a_figure_of_networks_of_its_own_names_no_iteration_of_the_run(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("cells")
    until(lambda: card.result is not None)
    assert card.age.words.startswith("computed ")
    card.choose("what-if")
    until(lambda: card.result is not None)
    assert card.age.words.startswith("computed ")  # nothing has been trained yet
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: card.age.words.startswith("iteration 1, "))


def test_the_figures_write_letters_and_layers_as_the_window_does_and_not_as_a_trace(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    for figure, told in (("activity", "h, unit 1, over the text"), ("saturation", "h")):
        card.choose(figure)
        until(lambda told=told: told in texts(card))
        assert "h_l0" not in texts(card)


def test_the_age_of_a_figure_is_in_sight_where_the_figure_is_taller_than_the_window(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("jacobians")
    until(lambda: card.age.words.startswith("computed "))
    panel = shell.window.lab
    top = card.age.mapTo(panel, QPoint(0, 0)).y()
    assert card.view.height() > panel.height() - top
    assert 0 < top < panel.height() // 4


def test_a_figure_names_its_pass_in_the_words_of_the_stage(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    def words() -> str:
        return pass_words(shown(shell))

    card.choose("jacobians")
    for _ in range(2):
        QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: words() == "iteration 2" and card.age.words.startswith("iteration 2, "))
    # A typed text is read by the weights after the iteration: it is the pass of none.
    assert shell.examples is not None
    shell.examples.try_text("heeh")
    until(lambda: words() == "after iteration 2")
    until(lambda: card.age.words.startswith("after iteration 2, "))
