"""Rolling the graph up and unrolling it: by key and by the button in the picture."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell
from rnnviz.app.unrolling import Unrolling

Key = Qt.Key
Until = Callable[[Callable[[], bool]], None]


def summary(shell: Shell) -> str:
    picture = shell.window.stage.graph.picture
    assert picture is not None
    return picture.summary


def share(shell: Shell) -> float:
    return shell.window.stage.levels.unrolling.share


def press_button(shell: Shell) -> None:
    view = shell.window.stage.graph
    assert view.picture is not None
    hit = next(hit for hit in view.picture.hits if hit.node == "go:fold")
    at = QPoint(round(hit.rect.center[0]), round(hit.rect.center[1]))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_a_key_rolls_the_graph_up_and_unrolls_it_again(shell: Shell, until: Until) -> None:
    QTest.keyClick(shell.window, Key.Key_U)
    until(lambda: share(shell) == 0.0)
    assert summary(shell).startswith("Rolled graph")
    QTest.keyClick(shell.window, Key.Key_U)
    until(lambda: share(shell) == 1.0)
    assert summary(shell).startswith("Unrolled graph")


def test_it_can_be_turned_round_on_the_way(shell: Shell, until: Until) -> None:
    QTest.keyClick(shell.window, Key.Key_U)
    until(lambda: 0.0 < share(shell) < 0.9)
    before = share(shell)
    QTest.keyClick(shell.window, Key.Key_U)
    assert share(shell) >= before - 0.2
    until(lambda: share(shell) == 1.0)


def test_the_button_in_the_picture_does_the_same_and_at_once_without_motion(shell: Shell) -> None:
    shell.window.actions_by_id["still"].trigger()
    press_button(shell)
    assert share(shell) == 0.0
    press_button(shell)
    assert share(shell) == 1.0


def test_a_cell_opens_from_the_rolled_graph_and_escape_returns_to_it(shell: Shell) -> None:
    shell.window.actions_by_id["still"].trigger()
    QTest.keyClick(shell.window, Key.Key_U)
    QTest.keyClick(shell.window, Key.Key_I)
    assert shell.window.stage.inside == "h_l0"
    QTest.keyClick(shell.window, Key.Key_Escape)
    assert shell.window.stage.inside == ""
    assert summary(shell).startswith("Rolled graph")
    QTest.keyClick(shell.window, Key.Key_I)
    QTest.keyClick(shell.window, Key.Key_U)
    assert summary(shell).startswith("Unrolled graph"), "from however deep"


def test_every_turn_runs_from_where_it_is_and_shows_no_end_before_its_time(
    shell: Shell, until: Until
) -> None:
    seen: list[float] = []
    unrolling = Unrolling(lambda: seen.append(unrolling.share), shell)
    for _ in range(4):
        begun = unrolling.share
        seen.clear()
        unrolling.turn(still=False)
        until(lambda: unrolling.share == unrolling.target)
        way = [abs(share - begun) for share in seen]
        assert len(way) > 3, "not at once"
        assert way == sorted(way), "never ahead and back again"
