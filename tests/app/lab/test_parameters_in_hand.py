"""Peephole weights, gains of a norm and biases are dragged on the lines of a product's sum."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.scene.number_fields import NumberField, NumberPicture
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run

Until = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton
H = 5


def drag(shell: Shell, at: QPoint, up: int) -> None:
    graph, control = shell.window.stage.graph, Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(graph, LEFT, control, at)
    QTest.mouseMove(graph, at - QPoint(0, up))
    QTest.mouseRelease(graph, LEFT, control, at - QPoint(0, up))


def place_of(shell: Shell, node: str) -> QPoint | None:
    picture = shell.window.stage.graph.picture
    hits = picture.hits if picture is not None else ()
    rects = [hit.rect for hit in hits if hit.node.startswith(node)]
    return QPoint(*map(round, rects[0].center)) if rects else None


def field_of(shell: Shell, name: str) -> NumberField | None:
    picture = shell.window.stage.graph.picture
    found = picture.fields if isinstance(picture, NumberPicture) else ()
    return next((each for each in found if each.node.startswith(f"{name}@")), None)


@pytest.mark.parametrize(
    ("model", "matrix", "name", "first"),
    [
        (ModelOptions(cell="lstm", hidden_size=H, peepholes=True), "W_hf", "w_cf_l0", 0),
        (ModelOptions(cell="lstm", hidden_size=H, peepholes=True), "W_ho", "w_co_l0", 0),
        (ModelOptions(cell="lstm", hidden_size=H, peepholes=True), "W_xo", "b_h_l0", 3 * H),
        (ModelOptions(cell="gru", hidden_size=H, layer_norm=True), "W_hz", "gain_h_l0", H),
        (ModelOptions(cell="gru", hidden_size=H), "W_hn", "b_hn_l0", 0),
    ],
)
def test_a_parameter_is_dragged_where_the_sum_has_it(
    shell: Shell,
    card: FigureCard,
    until: Until,
    model: ModelOptions,
    matrix: str,
    name: str,
    first: int,
) -> None:
    assert shell.desk is not None
    shell.desk._put_run(Run.create(RunConfig(task="hello", seed=5, model=model)))
    until(lambda: shell.model.state is not None and shell.model.state.trace.spec.hidden_size == H)
    assert shell.model.state is not None
    base, graph = shell.model.state.trace, shell.window.stage.graph
    shell.model.select("h_l0@1")
    shell.player.to_end()
    shell.window.stage.toggle_cell()

    until(lambda: place_of(shell, f"{matrix}_l0@") is not None)
    QTest.mouseDClick(graph, LEFT, pos=place_of(shell, f"{matrix}_l0@"))
    until(lambda: place_of(shell, "way:forward") is not None)
    QTest.mouseClick(graph, LEFT, pos=place_of(shell, "way:forward"))
    until(lambda: field_of(shell, name) is not None)
    field = field_of(shell, name)
    assert field is not None
    drag(shell, QPoint(*map(round, field.rect.center)), 20)
    controls = card.controls
    assert isinstance(controls, WhatIfControls)
    (edit,) = controls.history.edits
    unit = field.first - first
    assert 0 <= unit < H
    assert (edit.name, edit.step, edit.index, edit.row) == (name, None, (first + unit,), None)
    assert edit.value == pytest.approx(float(base[name][first + unit]) + 0.6, abs=1e-4)
    until(lambda: shell.model.state is not None and shell.model.state.trace is not base)
    assert controls.apply.isEnabled()
