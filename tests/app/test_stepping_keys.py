"""The keys of the transport, pressed for real; what the scene says afterwards."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell
from rnnviz.scene.timeline import Phase
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run

Key = Qt.Key


def press(shell: Shell, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(shell.window, key)


def node(shell: Shell) -> str:
    assert shell.model.state is not None
    return shell.model.state.cursor.node


def test_right_goes_through_the_operations_of_a_step_in_order(shell: Shell) -> None:
    press(shell, Key.Key_Home)
    seen = []
    for _ in range(5):
        press(shell, Key.Key_Right)
        seen.append(node(shell))
    assert seen == ["x@0", "h_l0@0", "logits@0", "loss@0", "x@1"]


def test_left_takes_back_exactly_what_right_did(shell: Shell) -> None:
    press(shell, Key.Key_Home)
    positions = [shell.model.position]
    for _ in range(7):
        press(shell, Key.Key_Right)
        positions.append(shell.model.position)
    for expected in reversed(positions[:-1]):
        press(shell, Key.Key_Left)
        assert shell.model.position == expected


@pytest.mark.parametrize(
    ("forward", "back"), [(Key.Key_PageDown, Key.Key_PageUp), (Key.Key_Right, Key.Key_Left)]
)
def test_a_presenter_steps_like_the_arrows(shell: Shell, forward: Qt.Key, back: Qt.Key) -> None:
    press(shell, Key.Key_Home, forward, forward, back)
    assert shell.model.position == 1.0


def test_up_and_down_move_by_ten(shell: Shell) -> None:
    press(shell, Key.Key_Home, Key.Key_Up)
    assert shell.model.position == 10.0
    press(shell, Key.Key_Down)
    assert shell.model.position == 0.0


def known(shell: Shell, phase: Phase) -> range:
    """Columns whose states, or their gradients, have been computed at the cursor."""
    state = shell.model.state
    assert state is not None
    return state.timeline.known(state.cursor.done, phase, "state", "l0")


def test_home_and_end_show_nothing_and_everything(shell: Shell) -> None:
    state = shell.model.state
    assert state is not None
    press(shell, Key.Key_Home)
    assert not known(shell, "forward")
    press(shell, Key.Key_End)
    assert known(shell, "forward") == range(state.trace.columns)
    assert known(shell, "backward") == range(state.trace.columns)


def test_by_time_step_the_cursor_visits_each_column_forward_and_then_backward(shell: Shell) -> None:
    shell.window.transport.unit.button("step").click()
    press(shell, Key.Key_Home)
    seen = []
    for _ in range(8):
        press(shell, Key.Key_Right)
        assert shell.model.state is not None
        cursor = shell.model.state.cursor
        seen.append((cursor.phase, cursor.column))
    assert seen == [("forward", t) for t in range(4)] + [("backward", t) for t in (3, 2, 1, 0)]


def test_by_pass_two_steps_are_forward_and_backward(shell: Shell) -> None:
    shell.window.transport.unit.button("pass").click()
    press(shell, Key.Key_Home, Key.Key_Right)
    assert shell.model.state is not None
    assert shell.model.state.cursor.phase == "forward"
    assert known(shell, "forward") == range(4)
    assert not known(shell, "backward")
    press(shell, Key.Key_Right)
    assert known(shell, "backward") == range(4)


def test_space_plays_and_pauses(shell: Shell, until: Callable[[Callable[[], bool]], None]) -> None:
    press(shell, Key.Key_Home, Key.Key_Space)
    assert shell.player.playing
    until(lambda: shell.model.position > 0.2)
    press(shell, Key.Key_Space)
    assert not shell.player.playing
    stopped = shell.model.position
    shell.player.tick(1.0)
    assert shell.model.position == stopped


def test_j_k_and_l_run_backward_stop_and_run_forward(shell: Shell) -> None:
    press(shell, Key.Key_End, Key.Key_J)
    shell.player.tick(0.5)
    behind = shell.model.position
    assert behind < shell.model.timeline_length
    press(shell, Key.Key_K)
    assert not shell.player.playing
    press(shell, Key.Key_L)
    shell.player.tick(0.25)
    assert shell.model.position > behind


def test_what_l_has_made_faster_plays_at_the_speed_of_the_slider_after_a_rest(
    shell: Shell,
) -> None:
    playback = shell.player._playback
    assert playback is not None
    said = shell.window.transport.operations_per_second
    press(shell, Key.Key_Home, Key.Key_L, Key.Key_L, Key.Key_L)
    assert playback.speed == 4 * said
    press(shell, Key.Key_Space, Key.Key_Space)
    assert playback.playing
    assert playback.speed == said
    press(shell, Key.Key_L)
    shell.player.tick(1000.0)
    press(shell, Key.Key_Space)
    assert playback.playing
    assert playback.speed == said


def test_playing_ends_at_the_end_of_the_pass(shell: Shell) -> None:
    press(shell, Key.Key_Home, Key.Key_L)
    shell.player.tick(1e6)
    assert shell.model.at_end
    assert not shell.player.playing


def test_dragging_the_cursor_puts_it_on_that_column(shell: Shell) -> None:
    state = shell.model.state
    assert state is not None
    view = shell.window.stage.graph
    y = view.height() // 2
    start = view.rect().topLeft()
    start.setX(round(state.axis.center_of(0)))
    start.setY(y)
    goal = start.__class__(round(state.axis.center_of(2)), y)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, goal)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, goal)
    assert shell.model.state is not None
    assert shell.model.state.cursor.column == 2


def test_the_keys_travel_in_training_time_while_the_curve_has_the_focus(
    bare_shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    shell = bare_shell
    shell.attach(Run.create(RunConfig(task="hello")).train(3))
    curve, released = shell.window.curve, list[int]()
    until(lambda: shell.model.state is not None and curve.picture is not None)
    curve.iteration_released.connect(released.append)
    assert shell.model.state is not None
    before = shell.model.state.cursor.operation
    curve.setFocus()
    QTest.keyClick(curve, Key.Key_Left)
    assert released == [2]
    assert shell.model.state.cursor.operation == before


def test_after_a_click_on_a_node_stepping_takes_the_inspector_along_and_escape_lets_go(
    shell: Shell,
) -> None:
    def chosen() -> str:
        assert shell.model.state is not None
        return shell.model.state.selected

    shell.model.select("h_l0@1")
    QTest.keyClick(shell.window, Key.Key_Left)
    assert chosen() == ""
    shell.model.select("h_l0@1")
    QTest.keyClick(shell.window, Key.Key_Escape)
    assert chosen() == ""


def test_another_run_comes_on_the_stage_though_the_pass_before_is_being_played(
    shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    assert shell.desk is not None
    press(shell, Key.Key_Home, Key.Key_Space)
    assert shell.player.playing
    shell.window.transport.speed.setValue(0)
    shell.desk.build(lambda: RunConfig(task="parity"), "parity")
    until(lambda: shell.desk is not None and shell.desk.run.task.name == "parity")
    until(lambda: shell.model.state is not None and shell.model.state.trace.columns > 4)
    assert not shell.player.playing


def test_who_travels_while_a_pass_is_played_sees_the_one_of_that_iteration(
    shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    desk, model = shell.desk, shell.model
    assert desk is not None
    desk.start(9)
    until(lambda: desk.run.iteration == 9 and not desk.training)
    shell.window.transport.speed.setValue(0)
    press(shell, Key.Key_Home, Key.Key_Space)
    assert shell.player.playing
    desk.travel(4)
    until(lambda: model.state is not None and model.state.trace.iteration == 4)


def test_one_iteration_is_shown_though_the_pass_before_is_being_played(
    shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    shell.window.transport.speed.setValue(0)
    press(shell, Key.Key_Home, Key.Key_Space, Key.Key_N)
    until(lambda: shell.model.state is not None and shell.model.state.trace.iteration == 1)
