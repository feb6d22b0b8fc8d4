"""Numbers that are dragged on the stage: on boxes, strips, in cells and in products."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from rnnviz.analysis import what_if
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.scene.number_fields import NumberPicture
from rnnviz.scene.strips import StripsPicture
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from tests.app.lab.stage import drag, drag_from, lstm, shown, the_edit

Until = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton


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
    drag_from(strips, at, 50)
    until(lambda: shown(shell) is not base)
    controls = shell.window.lab.card.controls
    assert isinstance(controls, WhatIfControls)
    (edit,) = controls.history.edits
    assert (edit.name, edit.step, edit.index) == ("h_l0", 1, (1,))
    assert edit.value == pytest.approx(base["h_l0"][1, 0, 1] + 0.5, abs=1e-4)
    until(lambda: shown(shell)["h_l0"][1, 0, 1] == pytest.approx(edit.value))
    expected = what_if(base, (edit,))
    np.testing.assert_allclose(shown(shell)["h_l0"], expected.after["h_l0"])
    until(lambda: controls.undo.height() > 0)  # the laboratory has just been opened
    QTest.mouseClick(controls.undo, LEFT)
    assert controls.history.edits == ()


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
    drag_from(strips, at, 20)
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
    drag_from(strips, at, 40)
    until(lambda: shown(shell) is not base)
    edit = the_edit(shell)
    assert (edit.name, edit.step, edit.index) == ("attention", 1, (0,))
    assert edit.value == pytest.approx(base["attention"][1, 0, 0] + 0.2, abs=1e-4)


def test_the_product_of_the_step_that_is_looked_at_stays_while_a_weight_of_it_is_dragged(
    shell: Shell, until: Until
) -> None:
    assert shell.desk is not None
    shell.desk.once()
    until(lambda: shown(shell).update is not None)
    base = shown(shell)
    shell.player.to_end()
    levels, graph = shell.window.stage.levels, shell.window.stage.graph
    levels.activate("W")
    levels.transition.stop()
    last = base.columns - 1
    until(lambda: isinstance(graph.picture, NumberPicture))
    assert isinstance(graph.picture, NumberPicture)
    field = graph.picture.fields[0].rect
    drag_from(graph, QPoint(round(field.x + 0.2 * field.w), round(field.y + 0.2 * field.h)), 20)
    until(lambda: shown(shell) is not base)
    assert shown(shell).update is None
    assert shell.model.state is not None
    assert shell.model.state.cursor.column == last
    assert levels.level.depth == 2
    # Turned round it would have another number under the hand.
    assert isinstance(graph.picture, NumberPicture)
    assert not graph.picture.fields[0].transposed
    assert graph.picture.fields[0].node.endswith(f"@{last}")
