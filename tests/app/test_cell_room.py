"""While a cell is open the panels around it give way, and afterwards all is as it was."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.app.window_layout import keep_layout


def _arrangement(shell: Shell) -> tuple[object, ...]:
    window = shell.window
    panel = window.middle.widget(0)
    assert panel is not None
    return (
        panel.isHidden(), window.foot.folded, window.stage.splitter.sizes(),
        window.middle.sizes(), window.whole.sizes(),
    )  # fmt: skip


def test_in_a_small_window_an_opened_cell_has_the_room_of_the_panels_and_gives_it_back(
    shell: Shell,
) -> None:
    graph, before = shell.window.stage.graph, _arrangement(shell)
    size = graph.size()
    graph.setFocus()
    QTest.keyClick(graph, Qt.Key.Key_Return)
    assert shell.window.stage.levels.level.depth == 1
    assert graph.width() > 1.25 * size.width()
    assert graph.height() > 1.5 * size.height()
    assert shell.window.stage.strips.height() > 100, "the strips still show the same steps"
    QTest.keyClick(graph, Qt.Key.Key_Escape)
    assert shell.window.stage.levels.level.depth == 0
    assert _arrangement(shell) == before
    assert graph.size() == size


def test_deeper_into_a_product_nothing_moves_again(shell: Shell) -> None:
    levels, graph = shell.window.stage.levels, shell.window.stage.graph
    levels.inward()
    size = graph.size()
    levels.inward()
    assert levels.level.depth == 2
    assert graph.size() == size
    levels.outward()
    assert graph.size() == size


def test_what_is_moved_by_hand_inside_a_cell_stays_there(shell: Shell) -> None:
    window, levels = shell.window, shell.window.stage.levels
    levels.inward()
    splitter = window.stage.splitter
    handle = splitter.handle(1)
    at = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(handle, at - at.__class__(0, 60))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=at - at.__class__(0, 60))
    strips = window.stage.strips.height()
    levels.outward()
    panel = window.middle.widget(0)
    assert panel is not None
    assert not panel.isHidden()
    assert window.stage.strips.height() >= 0.7 * strips


def test_a_window_closed_with_an_open_cell_remembers_the_panels_as_they_were(
    shell: Shell, settings: Settings
) -> None:
    before = _arrangement(shell)
    shell.window.stage.levels.inward()
    assert shell.window.foot.folded
    keep_layout(shell.window, settings)
    assert not settings.foot_folded
    assert _arrangement(shell) == before


def test_the_picture_alone_and_the_room_of_a_cell_do_not_mix_up_what_they_took(
    shell: Shell,
) -> None:
    before, window = _arrangement(shell), shell.window
    window.stage.levels.inward()
    window.actions_by_id["picture-alone"].trigger()
    assert window.sides.widget(1).isHidden()
    window.stage.levels.outward()
    window.actions_by_id["picture-alone"].trigger()
    assert _arrangement(shell) == before


def test_whoever_wants_the_panels_to_stay_says_so_once(shell: Shell, settings: Settings) -> None:
    before, window = _arrangement(shell), shell.window
    assert window.actions_by_id["cell-room"].isChecked()
    window.actions_by_id["cell-room"].trigger()
    window.stage.levels.inward()
    assert _arrangement(shell) == before
    assert not settings.gives_room


def test_a_model_without_the_open_cell_gives_the_room_back(
    shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    before, levels = _arrangement(shell), shell.window.stage.levels
    layers = shell.window.panel.layers
    layers.setValue(2)
    layers.editingFinished.emit()
    until(lambda: shell.model.state is not None and shell.model.state.trace.spec.layers == 2)
    assert levels.open_at("h_l1@1")
    assert shell.window.cell_room.given
    layers.setValue(1)
    layers.editingFinished.emit()
    until(lambda: levels.level.depth == 0)
    until(lambda: not shell.window.cell_room.given)
    assert _arrangement(shell) == before


def test_a_screen_reader_hears_what_the_view_has_become(shell: Shell) -> None:
    graph, levels = shell.window.stage.graph, shell.window.stage.levels
    shell.window.actions_by_id["still"].trigger()
    heard = [graph.accessibleName()]
    moves = (levels.inward, levels.inward, levels.outward, levels.outward, levels.fold)
    for move in (*moves, levels.inward, levels.fold):
        move()
        heard.append(graph.accessibleName())
        assert graph.picture is not None
        assert heard[-1].lower() in graph.picture.summary.partition(":")[0].lower()
    assert heard == [
        "Unrolled graph", "Inside of a cell", "Matrix product", "Inside of a cell",
        "Unrolled graph", "Rolled graph", "Inside of a cell", "Unrolled graph",
    ]  # fmt: skip
