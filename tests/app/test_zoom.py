"""Zooming with the wheel alone: from all steps down to one matrix product, and out again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell

Until = Callable[[Callable[[], bool]], None]


def wheel(shell: Shell, x: float, y: float, notches: int) -> None:
    view = shell.window.stage.graph
    at = QPointF(x, y)
    event = QWheelEvent(
        at,
        QPointF(view.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(view, event)


def depth(shell: Shell) -> int:
    return shell.window.stage.levels.level.depth


@pytest.fixture
def long(shell: Shell) -> Shell:
    """A pass of 300 steps on the stage."""
    assert shell.desk is not None
    shell.model.show_trace(shell.desk.run.trace("hell" * 75 + "o"))
    return shell


def test_the_wheel_alone_leads_into_the_cell_under_the_pointer_and_into_a_product(
    long: Shell,
) -> None:
    view, model = long.window.stage.graph, long.model
    x, y = 0.6 * view.width(), 0.7 * view.height()
    seen = []
    for _ in range(60):
        wheel(long, x, y, 1)
        state = model.state
        assert state is not None
        if depth(long) == 0:
            under = state.axis.column_at(x)
        if not seen or seen[-1] != depth(long):
            seen.append(depth(long))
            if depth(long) == 1:
                assert state.cursor.column == under
        if depth(long) == 2:
            break
    assert seen == [0, 1, 2]
    for _ in range(60):
        wheel(long, x, y, -1)
    assert depth(long) == 0
    assert model.state is not None
    assert model.state.axis.fits


def test_what_is_pointed_at_follows_the_picture_under_a_resting_pointer(long: Shell) -> None:
    view, model = long.window.stage.graph, long.model
    x, y = round(0.7 * view.width()), round(0.72 * view.height())
    QTest.mouseMove(view, QPoint(x, y))
    for _ in range(30):
        wheel(long, x, y, 1)
        state = model.state
        assert state is not None
        if depth(long):
            break
        if "@" in state.hovered:
            assert int(state.hovered.rpartition("@")[2]) == state.axis.column_at(x)


def test_a_turn_of_the_wheel_on_the_way_in_turns_the_way_round(long: Shell) -> None:
    view = long.window.stage.graph
    x, y = 0.5 * view.width(), 0.6 * view.height()
    for _ in range(60):
        wheel(long, x, y, 1)
        if depth(long) == 1:
            break
    assert depth(long) == 1
    for _ in range(3):
        wheel(long, x, y, -1)
    assert depth(long) == 0


def test_a_way_in_can_be_turned_round_at_any_instant_without_a_jump(
    shell: Shell, until: Until
) -> None:
    way = shell.window.stage.levels.transition
    QTest.keyClick(shell.window, Qt.Key.Key_I)
    assert depth(shell) == 1
    until(lambda: 0.15 < way.entered < 0.95 or not way.is_running)
    assert way.is_running
    before = way.entered
    QTest.keyClick(shell.window, Qt.Key.Key_Escape)
    assert depth(shell) == 0
    assert way.entered == pytest.approx(before, abs=0.35)
    deepest = way.entered
    while way.is_running:
        QCoreApplication.processEvents()
        assert way.entered <= deepest + 1e-6
        deepest = way.entered
    assert not way.isVisible()
    assert shell.window.stage.graph.picture is not None
    assert shell.window.stage.graph.picture.summary.startswith("Unrolled graph")


def test_the_keys_lead_in_and_out_as_the_wheel_does(shell: Shell) -> None:
    shell.window.actions_by_id["still"].trigger()
    seen = [depth(shell)]
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        for _ in range(12):
            QTest.keyClick(shell.window, key, Qt.KeyboardModifier.ControlModifier)
            if seen[-1] != depth(shell):
                seen.append(depth(shell))
    assert seen == [0, 1, 2, 1, 0]
    state = shell.model.state
    assert state is not None
    assert state.axis.fits


def test_graph_and_strips_have_one_time_axis_in_a_window_that_is_resized_while_it_trains(
    shell: Shell,
) -> None:
    stage, model = shell.window.stage, shell.model
    model.set_live(True)
    assert stage.behind, "passes are shown in turns"
    before = model.state
    shell.window.resize(1700, 900)
    stage.graph.resize(stage.graph.width() + 200, stage.graph.height())
    assert model.state is not None
    assert before is not None
    assert model.state.axis.width > before.axis.width
    assert stage.graph.state is model.state
    assert stage.strips.state is model.state
    assert not stage.behind
