"""What if in the window: edited passes on the stage, training untouched until it is applied."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from rnnviz.analysis import Edit, what_if
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.hand_controls import HandControls
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.scene.number_fields import NumberPicture
from rnnviz.scene.shapes import Label
from rnnviz.scene.strips import StripsPicture
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace
from rnnviz.views.picture_view import PictureView

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def shown(shell: Shell) -> Trace:
    assert shell.model.state is not None
    return shell.model.state.trace


@pytest.fixture
def controls(card: FigureCard, until: Until) -> WhatIfControls:
    """The form of what-if on an untrained "hello"."""
    card.choose("what-if")
    until(lambda: card.result is not None)
    assert isinstance(card.controls, WhatIfControls)
    return card.controls


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
    assert card.age.words.startswith("of iteration 0,")
    card._in_hand_until = 0.0
    until(lambda: card.request is not None and card.request.trace.iteration == 1)


def test_a_number_is_dragged_on_the_strips_and_undone_in_one_step(
    shell: Shell, until: Until
) -> None:
    base = shown(shell)
    strips = shell.window.stage.strips
    assert isinstance(strips.picture, StripsPicture)
    place = next(p.rect for p in strips.picture.placed if p.strip.name == "h_l0")
    state = shell.model.state
    assert state is not None
    at = QPoint(round(state.axis.center_of(1)), round(place.y + place.h * 0.5))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(strips, LEFT, control, at)
    for dy in (10, 30, 50):
        QTest.mouseMove(strips, at - QPoint(0, dy))
    QTest.mouseRelease(strips, LEFT, control, at - QPoint(0, 50))
    until(lambda: shown(shell) is not base)
    controls = shell.window.lab.card.controls
    assert isinstance(controls, WhatIfControls)
    (edit,) = controls.history.edits
    assert (edit.name, edit.step, edit.index) == ("h_l0", 1, (1,))
    assert edit.value == pytest.approx(base["h_l0"][1, 0, 1] + 0.5, abs=1e-4)
    until(lambda: shown(shell)["h_l0"][1, 0, 1] == pytest.approx(edit.value))
    expected = what_if(base, (edit,))
    np.testing.assert_allclose(shown(shell)["h_l0"], expected.after["h_l0"])
    QTest.mouseClick(controls.undo, LEFT)
    assert controls.history.edits == ()


def place_of(view: PictureView, node: str) -> QPoint:
    """Where on a view the number of that node stands."""
    assert view.picture is not None
    whole = node.partition("[")[0]
    for hit in view.picture.hits:
        if hit.node.partition("@")[2] != whole.partition("@")[2]:
            continue
        for x in np.arange(hit.rect.x + 1.5, hit.rect.right, 3.0):
            for y in np.arange(hit.rect.y + 1.5, hit.rect.bottom, 3.0):
                if view.number_at(QPointF(x, y)) == node:
                    return QPoint(round(x), round(y))
    raise AssertionError(f"{node} is nowhere on this view")


def drag(view: PictureView, node: str, up: int) -> None:
    """Take hold of a number and pull it up by so many pixels, with real events."""
    at = place_of(view, node)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(view, LEFT, control, at)
    for dy in (up // 3, 2 * up // 3, up):
        QTest.mouseMove(view, at - QPoint(0, dy))
    QTest.mouseRelease(view, LEFT, control, at - QPoint(0, up))


def the_edit(shell: Shell) -> Edit:
    controls = shell.window.lab.card.controls
    assert isinstance(controls, WhatIfControls)
    (edit,) = controls.history.edits
    return edit


def lstm(shell: Shell, until: Until, **options: Any) -> Trace:
    assert shell.desk is not None
    model = ModelOptions(cell="lstm", hidden_size=4, **options)
    shell.desk._put_run(Run.create(RunConfig(task="hello", model=model)))
    until(lambda: shown(shell).spec.cell == "lstm")
    return shown(shell)


def test_a_number_is_dragged_on_the_box_of_its_state(shell: Shell, until: Until) -> None:
    base = shown(shell)
    drag(shell.window.stage.graph, "h_l0@2[1]", 40)
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == ("h_l0", 2, (1,))
    assert edit.value == pytest.approx(base["h_l0"][2, 0, 1] + 0.4, abs=1e-4)


def test_the_cell_state_of_an_lstm_box_is_taken_for_itself(shell: Shell, until: Until) -> None:
    shell.window.resize(1600, 1000)
    base = lstm(shell, until)
    drag(shell.window.stage.graph, "c_l0@1[3]", 20)
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == ("c_l0", 1, (3,))


def test_a_gate_is_dragged_inside_the_cell(shell: Shell, until: Until) -> None:
    base = lstm(shell, until)
    shell.player.to_end()
    shell.model.seek_column(1)
    shell.window.stage.toggle_cell()
    graph = shell.window.stage.graph
    until(lambda: any(hit.node.startswith("f_l0@") for hit in graph.picture.hits))
    node = next(h.node for h in graph.picture.hits if h.node.startswith("f_l0@"))
    step = int(node.partition("@")[2])
    drag(graph, f"{node}[2]", -60)
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == ("f_l0", step, (2,))
    assert edit.value == pytest.approx(base["f_l0"][step, 0, 2] - 0.3, abs=1e-4)


def test_a_weight_is_dragged_inside_the_cell(shell: Shell, until: Until) -> None:
    base = shown(shell)
    shell.window.stage.toggle_cell()
    graph = shell.window.stage.graph
    until(lambda: any(hit.node.startswith("W_hh_l0@") for hit in graph.picture.hits))
    node = next(h.node for h in graph.picture.hits if h.node.startswith("W_hh_l0@"))
    drag(graph, f"{node}[1,2]", 20)
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index, edit.row) == ("W_hh_l0", None, (1, 2), None)
    assert edit.value == pytest.approx(base["W_hh_l0"][1, 2] + 0.6, abs=1e-4)


def test_another_letter_is_read_where_its_cell_of_the_input_is_taken(
    shell: Shell, until: Until
) -> None:
    base = shown(shell)
    other = int(base["tokens"][1, 0] + 1) % 4
    drag(shell.window.stage.graph, f"x@1[{other}]", 30)
    until(lambda: shown(shell) is not base)
    assert shown(shell)["tokens"][1, 0] == other


def test_a_probability_dragged_is_an_edit_of_its_output(shell: Shell, until: Until) -> None:
    base = shown(shell)
    drag(shell.window.stage.graph, "logits@0[2]", 20)
    until(lambda: shown(shell) is not base)
    assert the_edit(shell).name == "logits"
    assert shown(shell)["probs"][0, 0, 2] > base["probs"][0, 0, 2]


def test_a_probability_dragged_on_its_strip_is_an_edit_of_that_class_s_output(
    shell: Shell, until: Until
) -> None:
    base, strips = shown(shell), shell.window.stage.strips
    assert isinstance(strips.picture, StripsPicture)
    assert shell.model.state is not None
    place = next(p.rect for p in strips.picture.placed if p.strip.name == "probs")
    at = QPoint(round(shell.model.state.axis.center_of(1)), round(place.y + place.h * 2.5 / 4))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(strips, LEFT, control, at)
    QTest.mouseMove(strips, at - QPoint(0, 20))
    QTest.mouseRelease(strips, LEFT, control, at - QPoint(0, 20))
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == ("logits", 1, (2,))
    after = what_if(base, (edit,)).after
    np.testing.assert_allclose(shown(shell)["probs"], after["probs"])
    np.testing.assert_allclose(shown(shell)["dL_dh_l0"], after["dL_dh_l0"])
    assert after["probs"][1, 0, 2] > base["probs"][1, 0, 2]


@pytest.mark.parametrize(("cell", "name"), [("lstm", "hf"), ("gru", "xn")])
def test_a_gate_s_weight_is_dragged_in_its_product(
    shell: Shell, until: Until, cell: Any, name: str
) -> None:
    assert shell.desk is not None
    model = ModelOptions(cell=cell, hidden_size=4)
    shell.desk._put_run(Run.create(RunConfig(task="hello", model=model)))
    until(lambda: shown(shell).spec.cell == cell)
    base, graph = shown(shell), shell.window.stage.graph
    shell.player.to_end()
    shell.model.seek_column(1)
    shell.window.stage.toggle_cell()
    until(lambda: any(hit.node.startswith(f"W_{name}_l0@") for hit in graph.picture.hits))
    matrix = next(h for h in graph.picture.hits if h.node.startswith(f"W_{name}_l0@"))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(graph, LEFT, control, QPoint(*map(round, matrix.rect.center)))
    assert "double-click the matrix" in shell.window.banner.text.text()
    QTest.mouseDClick(graph, LEFT, pos=QPoint(*map(round, matrix.rect.center)))
    until(lambda: isinstance(graph.picture, NumberPicture))
    assert isinstance(graph.picture, NumberPicture)
    field = graph.picture.fields[0]
    at = QPoint(
        round(field.rect.x + 2.5 * field.rect.w / field.columns),
        round(field.rect.y + 1.5 * field.rect.h / field.rows),
    )
    QTest.mousePress(graph, LEFT, control, at)
    QTest.mouseMove(graph, at - QPoint(0, 20))
    QTest.mouseRelease(graph, LEFT, control, at - QPoint(0, 20))
    until(lambda: shown(shell) is not base)
    row, column = (2, 1) if field.transposed else (1, 2)
    row += 4 * base.spec.gates.index(name[1])
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == (f"W_{name[0]}h_l0", None, (row, column))
    assert edit.value == pytest.approx(base[edit.name][row, column] + 0.6, abs=1e-4)


def test_units_that_lie_too_close_together_are_not_taken_at_random(shell: Shell) -> None:
    shell.window.stage.graph.value_gripped.emit("h_l0@1")
    assert "zoom in" in shell.window.banner.text.text()


def test_what_follows_from_other_numbers_cannot_be_dragged(shell: Shell) -> None:
    shell.window.stage.strips.value_gripped.emit("dL_dh_l0@1[0]")
    assert "follows from other numbers" in shell.window.banner.text.text()


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


def test_an_attention_weight_is_dragged_on_its_strip(shell: Shell, until: Until) -> None:
    shell.window.resize(1600, 1400)
    assert shell.desk is not None
    model = ModelOptions(hidden_size=6, attention="dot")
    shell.desk._put_run(Run.create(RunConfig(task="translation", model=model)))
    until(lambda: "attention" in shown(shell))
    base, strips = shown(shell), shell.window.stage.strips
    assert isinstance(strips.picture, StripsPicture)
    place = next(p for p in strips.picture.every if p.strip.name == "attention")
    column = base.parts[1].start + 1
    state = shell.model.state
    assert state is not None
    at = QPoint(round(state.axis.center_of(column)), round(place.rect.y + 1))
    assert strips.number_at(QPointF(at)) == f"attention@{column}[0]"
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(strips, LEFT, control, at)
    QTest.mouseMove(strips, at - QPoint(0, 40))
    QTest.mouseRelease(strips, LEFT, control, at - QPoint(0, 40))
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == ("attention", 1, (0,))
    assert edit.value == pytest.approx(base["attention"][1, 0, 0] + 0.2, abs=1e-4)
