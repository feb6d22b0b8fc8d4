"""The laboratory in the window: real clicks, computed aside, nothing left behind."""

from collections.abc import Callable
from time import monotonic

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.shell import Shell
from rnnviz.scene.captions import pass_words
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from tests.app.lab.cards import click, texts
from tests.app.lab.stage import shown

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def test_nothing_is_computed_while_the_laboratory_is_out_of_sight(
    shell: Shell, until: Until
) -> None:
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shown(shell).iteration == 1)
    assert shell.window.lab.card.asked is None
    assert not shell.lab.worker.busy


def test_a_figure_chosen_before_the_laboratory_has_looked_is_of_a_layer_all_the_same(
    shell: Shell, until: Until
) -> None:
    shell.window.show_lab()
    card = shell.window.lab.card
    card.choose("history")
    assert shell.model.state is not None
    shell.lab._ask(card, shell.model.state, urgent=True)
    assert "'l0'" in repr(card.asked)
    until(lambda: card.result is not None)


def test_the_name_of_every_figure_has_room_in_a_small_window(card: FigureCard) -> None:
    for figure in card.figures:
        card.choose(figure.id)
        assert card.chooser.shown_text == figure.title


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


def test_a_step_of_a_curve_moves_the_cursor_of_all_views(shell: Shell, card: FigureCard) -> None:
    click(card, "step@1")
    assert shell.model.state is not None
    assert shell.model.state.cursor.column == 1


def test_a_sample_on_the_stage_has_no_gradients_and_the_figure_says_so(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    QTest.keyClick(shell.window, Key.Key_G)
    until(lambda: shown(shell).mode == "sample")
    until(lambda: "no gradients" in texts(card))
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: shown(shell).mode == "train")
    until(lambda: card.result is not None)


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
