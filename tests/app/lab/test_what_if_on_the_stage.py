"""What if in the window: edited passes on the stage, training untouched until it is applied."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.analysis import Edit, what_if
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.hand_controls import HandControls
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.scene.shapes import Label
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from tests.app.lab.stage import lstm, shown

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def test_a_typed_number_is_on_the_stage_and_training_does_not_notice(
    shell: Shell, card: FigureCard, controls: WhatIfControls, until: Until
) -> None:
    assert shell.desk is not None
    weights = shell.desk.run.net.params.flat.copy()
    base = shown(shell)
    shell.model.select("h_l0@1")
    until(lambda: controls.form.step.value() == 2)
    assert controls.form.name.currentText() == "h: hidden state"
    controls.form.value.setFocus()
    controls.form.value.selectAll()
    QTest.keyClicks(controls.form.value, "0.9")
    QTest.keyClick(controls.form.value, Key.Key_Return)
    until(lambda: shown(shell) is not base)
    assert shown(shell)["h_l0"][1, 0, 0] == pytest.approx(0.9)
    expected = what_if(base, controls.history.edits)
    np.testing.assert_allclose(shown(shell)["h_l0"], expected.after["h_l0"])
    np.testing.assert_allclose(card.result.divergence, expected.kl()[:, 0])
    np.testing.assert_array_equal(shell.desk.run.net.params.flat, weights)
    assert not controls.apply.isEnabled()
    QTest.mouseClick(controls.back, LEFT)
    until(lambda: shown(shell).title == base.title and shown(shell)["h_l0"].dtype == np.float32)
    np.testing.assert_array_equal(shown(shell)["h_l0"], base["h_l0"])


def test_live_passes_stay_off_the_stage_while_an_edit_holds_and_escape_lets_them_back(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    assert shell.desk is not None
    controls.form.slider.setValue(300)
    until(lambda: shown(shell) is controls.shown)
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shell.desk.run.iteration >= 1)
    until(lambda: not shell.desk.training)
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: shown(shell) is not controls.shown and shown(shell).iteration >= 1)
    until(lambda: not controls.history.edits)
    assert controls.undo.isEnabled()


def test_undo_and_redo_go_through_the_edits(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    base = shown(shell)
    controls.form.slider.setValue(300)
    controls.form.slider.setValue(350)
    until(lambda: shown(shell) is controls.shown)
    assert controls.list.count() == 1
    QTest.mouseClick(controls.undo, LEFT)
    assert controls.list.count() == 0
    until(lambda: np.array_equal(shown(shell)["h_l0"], base["h_l0"]))
    QTest.mouseClick(controls.redo, LEFT)
    assert controls.list.count() == 1
    until(lambda: controls.shown is not None and shown(shell) is controls.shown)


def test_a_weight_edit_is_applied_to_the_network_and_undone(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    assert shell.desk is not None
    run = shell.desk.run
    before = run.net.params["W_hh_l0"].copy()
    index = [each.name for each in controls.form.targets].index("W_hh_l0")
    controls.form.name.setCurrentIndex(index)
    controls.form.name.activated.emit(index)
    controls.form.unit.setValue(2)
    controls.form.column.setValue(3)
    controls.form.value.setValue(1.5)
    until(lambda: shown(shell) is controls.shown)
    assert controls.apply.isEnabled()
    QTest.mouseClick(controls.apply, LEFT)
    until(lambda: shell.desk.run is not run)
    expected = before.copy()
    expected[1, 2] = 1.5
    np.testing.assert_array_equal(shell.desk.run.net.params["W_hh_l0"], expected)
    until(lambda: bool(np.array_equal(shown(shell)["W_hh_l0"], expected)))
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: shell.desk.run is run)
    np.testing.assert_array_equal(run.net.params["W_hh_l0"], before)


def test_another_token_can_be_read(shell: Shell, controls: WhatIfControls, until: Until) -> None:
    shell.model.select("x@0")
    until(lambda: controls.form.name.currentText() == "x: input token")
    controls.form.value.setValue(3)
    until(lambda: shown(shell) is controls.shown)
    assert shown(shell)["tokens"][0, 0] == 3


def test_a_strength_set_by_hand_is_seen_at_once_and_applied_only_when_asked(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    assert shell.desk is not None
    card.choose("by-hand")
    until(lambda: card.result is not None)
    controls = card.controls
    assert isinstance(controls, HandControls)
    assert not controls.apply.isEnabled()
    run = shell.desk.run
    slider = controls.field("strength").focus
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Key.Key_PageDown)
    strength = controls.options()["strength"]
    assert strength < 1.0
    until(lambda: card.result.made.sigma == pytest.approx(strength))
    assert shell.desk.run is run
    QTest.mouseClick(controls.apply, LEFT)
    until(lambda: shell.desk.run is not run)
    weight = shell.desk.run.net.params["W_hh_l0"]
    assert float(np.linalg.norm(weight, 2)) == pytest.approx(strength, rel=1e-5)


def test_under_a_moving_slider_the_figure_stays_with_its_pass_and_catches_up_afterwards(
    shell: Shell, card: FigureCard, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    card.choose("by-hand")
    until(lambda: card.result is not None)
    monkeypatch.setattr("rnnviz.app.lab.figure_card._HAND_SECONDS", 60.0)
    slider = card.controls.field("strength").focus
    slider.setFocus()

    def move() -> None:
        QTest.keyClick(slider, Key.Key_PageDown)
        strength = card.controls.options()["strength"]
        until(lambda: card.result.made.sigma == pytest.approx(strength))

    move()
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shown(shell).iteration == 1)
    move()
    assert card.request is not None
    assert card.request.trace.iteration == 0
    assert card.age.words.startswith("computed ")
    card._in_hand_until = 0.0
    until(lambda: card.request is not None and card.request.trace.iteration == 1)


def test_kept_edits_are_compared_on_the_same_pass_and_forgotten(
    shell: Shell, card: FigureCard, controls: WhatIfControls, until: Until
) -> None:
    base = shown(shell)
    controls.form.value.setValue(0.9)
    first = controls.history.edits
    controls.keep_as("up")
    controls.go_back()
    controls.form.step.setValue(3)
    controls.form.value.setValue(-0.9)
    second = controls.history.edits
    controls.keep_as("down")
    until(lambda: card.result is not None and len(card.result.kept) == 2)
    for kept, edits in zip(card.result.kept, (first, second), strict=True):
        expected = what_if(base, edits)
        np.testing.assert_allclose(kept.divergence, expected.kl()[:, 0])
        assert kept.loss_after == pytest.approx(float(expected.after["loss_total"]))
    controls.go_back()
    until(lambda: not card.result.edits)
    picture = card.view.picture
    assert picture is not None
    texts = [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    assert "Kept edits compared" in texts
    assert controls.kept.isVisible()
    controls.kept.box.setCurrentIndex(1)
    controls.kept.box.activated.emit(1)
    assert controls.history.edits == first
    QTest.mouseClick(controls.kept.forget, LEFT)
    until(lambda: [kept.name for kept in card.result.kept] == ["down"])
    assert controls.history.edits == first


def test_kept_edits_that_do_not_fit_another_model_say_so(
    shell: Shell, card: FigureCard, controls: WhatIfControls, until: Until
) -> None:
    controls.form.value.setValue(0.9)
    controls.keep_as("vanilla")
    shell.step_back()
    lstm(shell, until)
    until(lambda: card.result is not None and card.result.after.spec.cell == "lstm")
    (kept,) = card.result.kept
    assert len(kept.divergence) == 4  # h_l0 exists there, too
    shell.desk._put_run(Run.create(RunConfig(task="hello", model=ModelOptions(hidden_size=2))))
    controls.history.kept["third unit"] = (Edit(name="h_l0", step=0, index=(2,), value=0.5),)
    until(lambda: card.result.after.spec.hidden_size == 2)
    until(lambda: len(card.result.kept) == 2)
    assert "no component [3]" in card.result.kept[1].words


def test_a_token_is_named_beside_its_number(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    shell.model.select("x@0")
    until(lambda: controls.form.name.currentText() == "x: input token")
    controls.form.value.setValue(3)
    assert controls.form.value.text() == "3 = 'o'"
    assert controls.list.item(0).text() == "x = 3 at step 1"


def test_only_tokens_that_exist_can_be_typed_and_any_other_number_still_can(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    form = controls.form
    shell.model.select("x@0")
    until(lambda: form.name.currentText() == "x: input token")
    form.value.setValue(70)
    assert form.value.value() == 3
    assert controls.history.edits[-1].value == 3
    shell.model.select("h_l0@1")
    until(lambda: form.name.currentText() == "h: hidden state")
    form.value.setValue(70)
    assert controls.history.edits[-1].value == 70


def test_an_edited_pass_that_comes_after_escape_stays_off_the_stage(
    shell: Shell, card: FigureCard, controls: WhatIfControls, until: Until
) -> None:
    edits_before = card.result
    controls.form.value.setValue(0.9)
    assert shell.held
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: card.result is not edits_before and not shell.lab.busy)
    assert not shell.held
    assert shown(shell) is not controls.shown
    assert shown(shell)["h_l0"].dtype == np.float32


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_run_goes_on_bit_for_bit_as_if_nobody_had_asked_what_if(
    shell: Shell, card: FigureCard, until: Until, cell: Any
) -> None:
    """Edits while it trains and while it rests, the sliders, the compared cells: no trace left."""
    config = RunConfig(task="text", seed=3, model=ModelOptions(cell=cell, hidden_size=8))
    assert shell.desk is not None
    run = Run.create(config)
    shell.desk._put_run(run)
    until(lambda: shown(shell).spec.cell == cell and shown(shell).spec.hidden_size == 8)
    card.choose("what-if")
    until(lambda: isinstance(card.controls, WhatIfControls) and card.result is not None)
    assert isinstance(card.controls, WhatIfControls)
    shell.desk.start()
    until(lambda: run.iteration > 20)
    for value in (0.9, -0.9, 0.4):
        card.controls.form.value.setValue(value)
        until(lambda: bool(card.result and card.result.edits))
    weight = [each.name for each in card.controls.form.targets].index("W_hh_l0")
    card.controls.form.name.setCurrentIndex(weight)
    card.controls.form.name.activated.emit(weight)
    card.controls.form.value.setValue(2.5)
    card.choose("by-hand")
    until(lambda: card.result is not None)
    card.controls.field("strength").set_value(3.0)
    card.controls.changed.emit()
    card.choose("cells")
    until(lambda: card.result is not None)
    reached = run.iteration
    until(lambda: run.iteration > reached + 20)
    shell.desk.toggle()
    until(lambda: not shell.desk.training)
    untouched = Run.create(config)
    for _ in range(run.iteration):
        untouched.step()
    np.testing.assert_array_equal(run.net.params.flat, untouched.net.params.flat)
    ours, theirs = run.history.column("loss"), untouched.history.column("loss")
    np.testing.assert_array_equal(ours, theirs)
