"""Opening a cell: by double click or key, and out again."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell
from rnnviz.scene.shapes import Label
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run

Key = Qt.Key


def summary(shell: Shell) -> str:
    picture = shell.window.stage.graph.picture
    assert picture is not None
    return picture.summary


def test_a_double_click_on_a_state_opens_its_cell_and_escape_returns(shell: Shell) -> None:
    view = shell.window.stage.graph
    graph = summary(shell)
    state = shell.model.state
    assert state is not None
    assert view.picture is not None
    x = round(state.axis.center_of(2))
    hits = [(y, view.picture.hit(x, y)) for y in range(view.height())]
    y = next(y + 4 for y, hit in hits if hit is not None and hit.node == "h_l0@2")
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, y))
    assert shell.window.stage.inside == "h_l0"
    assert summary(shell) != graph
    QTest.keyClick(shell.window, Key.Key_Escape)
    assert shell.window.stage.inside == ""


@pytest.mark.parametrize("layer", ["l0", "l0_reverse", "l1", "l1_reverse"])
def test_a_cell_that_is_opened_after_the_pass_shows_its_gradient_in_either_direction(
    shell: Shell, layer: str
) -> None:
    shell.window.actions_by_id["still"].trigger()
    config = RunConfig(task="hello", model=ModelOptions(bidirectional=True, layers=2))
    shell.player.show_trace(Run.create(config).trace())
    shell.player.to_end()
    levels = shell.window.stage.levels
    assert levels.open_at(f"h_{layer}@2")
    state = shell.model.state
    assert state is not None
    assert (state.cursor.column, state.cursor.operation.layer) == (2, layer)
    assert "Gradient of length" in summary(shell)
    levels.click("go:1")
    assert shell.model.state is not None
    assert shell.model.state.cursor.operation.layer == layer


def test_stepping_inside_a_cell_goes_to_the_cell_of_the_next_step(shell: Shell) -> None:
    shell.window.transport.unit.button("step").click()
    for key in (Key.Key_Home, Key.Key_Right, Key.Key_I):
        QTest.keyClick(shell.window, key)
    first = summary(shell)
    QTest.keyClick(shell.window, Key.Key_Right)
    assert shell.window.stage.inside == "h_l0"
    assert summary(shell) != first
    QTest.keyClick(shell.window, Key.Key_I)
    assert shell.window.stage.inside == ""


def test_another_model_without_an_inside_shows_its_graph(
    shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    assert shell.desk is not None
    QTest.keyClick(shell.window, Key.Key_I)
    assert shell.window.stage.inside == "h_l0"
    shell.desk.change("cell", "jordan")
    until(lambda: shell.desk.run.spec.cell == "jordan")
    until(lambda: shell.model.state.trace.spec.cell == "jordan")
    assert "jordan" in summary(shell).lower() or "graph" in summary(shell).lower()


def test_a_double_click_on_w_opens_its_product_at_the_cursor(shell: Shell) -> None:
    shell.window.actions_by_id["still"].trigger()
    view, levels = shell.window.stage.graph, shell.window.stage.levels
    assert view.picture is not None
    hit = next(
        view.picture.hit(x, y)
        for x in range(0, 118, 3)
        for y in range(view.height())
        if (found := view.picture.hit(x, y)) is not None and found.node == "W"
    )
    assert hit is not None
    at = QPoint(*map(round, hit.rect.center))
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert (levels.level.cell, levels.level.product) == ("h_l0", "hh")
    QTest.keyClick(shell.window, Key.Key_Escape)
    QTest.keyClick(shell.window, Key.Key_Escape)
    assert levels.level.depth == 0


def test_a_wire_answers_to_the_pointer_and_a_double_click_opens_its_product(shell: Shell) -> None:
    shell.window.actions_by_id["still"].trigger()
    view, levels = shell.window.stage.graph, shell.window.stage.levels
    assert view.picture is not None
    hit = next(hit for hit in view.picture.hits if hit.node == "W_xh_l0@2")
    assert "W_xh" in hit.tip
    at = QPoint(*map(round, hit.rect.center))
    QTest.mouseMove(view, at)
    state = shell.model.state
    assert state is not None
    assert state.hovered == "W_xh_l0@2"
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert (levels.level.cell, levels.level.product) == ("h_l0", "xh")
    assert shell.model.state is not None
    assert shell.model.state.cursor.column == 2


def test_a_click_on_a_gradient_in_the_inspector_chooses_what_it_belongs_to(
    shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    page = shell.window.inspector.page
    shell.model.select("h_l0@1")
    until(lambda: page.picture is not None and any("dL_dh" in h.node for h in page.picture.hits))
    assert page.picture is not None
    hit = next(hit for hit in page.picture.hits if hit.node == "dL_dh_l0@2")
    x, y = hit.rect.center
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert shell.model.state is not None
    assert shell.model.state.selected == "h_l0@2"
    assert page.state is shell.model.state
    words = " ".join(s.text for y in page.picture.layers for s in y.shapes if isinstance(s, Label))
    assert "hidden state at step 3" in words
