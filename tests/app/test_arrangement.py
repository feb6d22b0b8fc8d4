"""How the window shares its room: small windows show the essentials whole, and it is remembered."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.arrangement import first_shares, first_size
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.scene.shapes import Label
from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.theme import theme
from rnnviz.session import Run, RunConfig

Key = Qt.Key


def test_the_first_window_is_never_larger_than_the_screen() -> None:
    width, height = first_size((1280, 720))
    assert 1260 < width <= 1280
    assert 660 < height <= 720 - 24, "a title bar stands over it"
    assert first_size((3840, 2160)) == (1440, 900)


def test_the_foot_and_the_side_grow_with_the_window_and_the_stage_takes_the_rest() -> None:
    small, large = first_shares(1280, 650), first_shares(1904, 1010)
    assert large.whole[1] > small.whole[1]
    assert large.sides[1] > small.sides[1]
    for shares, width, height in ((small, 1280, 650), (large, 1904, 1010)):
        assert sum(shares.sides) == width
        assert sum(shares.whole) == height
        assert shares.middle[1] > 0.5 * sum(shares.middle)
        assert sum(shares.stage) == shares.whole[0]
    folded = first_shares(1280, 650, foot_height=35)
    assert folded.whole == (615, 35)


def test_at_1280_by_720_the_whole_panel_and_the_words_of_the_phase_are_in_sight(
    bare_shell: Shell, qapp: QApplication
) -> None:
    window = bare_shell.window
    window.resize(1280, 720)
    bare_shell.look.choose("light")
    qapp.processEvents()
    assert window.panel.kinds.tight
    assert not window.panel.verticalScrollBar().isVisible()
    window.transport.show_phase("backward pass — ∂L/∂h₁₂, layer 2", theme("light").gradient)
    assert window.transport.phase.text() == "backward pass — ∂L/∂h₁₂, layer 2"
    window.resize(1920, 1080)
    qapp.processEvents()
    assert not window.panel.kinds.tight


def test_in_the_corner_a_name_is_cut_before_the_model_and_is_no_markup(
    bare_shell: Shell, qapp: QApplication
) -> None:
    window, model = bare_shell.window, "vanilla RNN · H = 100 · seed 0"
    for name in ("my <b>bold</b> text.txt", "a name that goes on and on and on.txt"):
        window.tell_subject(name, model)
        qapp.processEvents()
        shown = window.caption.text()
        assert shown.endswith(f" · {model}")
        assert name.startswith(shown.removesuffix(f" · {model}").removesuffix("…"))
        assert window.caption.textFormat() == Qt.TextFormat.PlainText
        room = window.caption.contentsRect().width()
        assert window.caption.fontMetrics().horizontalAdvance(shown) <= room


@pytest.mark.parametrize("task", ["hello", "text"])
def test_at_1280_by_720_everything_that_matters_of_a_pass_is_in_sight(
    task: str, bare_shell: Shell, until: Callable[[Callable[[], bool]], None]
) -> None:
    bare_shell.window.resize(1280, 720)
    bare_shell.look.choose("light")
    bare_shell.attach(Run.create(RunConfig(task=task)))
    stage = bare_shell.window.stage

    def strips_are_whole() -> bool:
        shown = stage.strips.picture
        return isinstance(shown, StripsPicture) and shown.needed <= shown.height + 0.5

    # From the input to the folded shares of the weights, once the window has laid itself out.
    until(strips_are_whole)
    graph = stage.graph.picture
    assert graph is not None
    labels = [s for layer in graph.layers for s in layer.shapes if isinstance(s, Label)]
    if task == "hello":
        # Over each of the cells of inputs and outputs stands what it is for.
        assert sum(label.text == "l" for label in labels) == 8
    assert min(label.size for label in labels) >= 7.0


def test_words_that_find_no_room_are_in_the_tip(bare_shell: Shell) -> None:
    phase = bare_shell.window.transport.phase
    bare_shell.window.transport.show_phase("backward pass " * 20, theme("light").gradient)
    assert phase.text().endswith("…")
    assert phase.toolTip() == "backward pass " * 20
    bare_shell.window.transport.show_phase("whole pass", theme("light").ink)
    assert phase.toolTip() == ""


def test_a_list_to_choose_from_ends_its_words_in_an_ellipsis_and_has_them_in_its_tip(
    bare_shell: Shell,
) -> None:
    field = bare_shell.window.panel.task
    field.addItem("a task with a title that is longer than any panel on the left is wide", "x")
    field.setCurrentIndex(0)
    assert field.shown_text.endswith("…")
    assert field.tip == field.currentText()


def test_the_foot_folds_to_its_titles_and_a_tab_brings_it_back(
    shell: Shell, qapp: QApplication
) -> None:
    window = shell.window
    stage, foot = window.whole.sizes()
    QTest.keyClick(window, Key.Key_F9)
    qapp.processEvents()
    assert window.whole.sizes()[0] > stage + 60
    assert not window.curve.isVisible()
    assert window.held_out.isVisible()
    window.resize(1300, 800)
    qapp.processEvents()
    assert window.whole.sizes()[1] < 50
    window.resize(1280, 720)
    qapp.processEvents()
    place = window.tabs.tabBar().tabRect(0).center()
    QTest.mouseClick(window.tabs.tabBar(), Qt.MouseButton.LeftButton, pos=place)
    qapp.processEvents()
    assert abs(window.whole.sizes()[1] - foot) < 10
    assert window.curve.isVisible()
    assert not window.actions_by_id["fold-foot"].isChecked()


def test_the_picture_alone_fills_the_window_and_gives_every_panel_its_room_back(
    shell: Shell, qapp: QApplication
) -> None:
    window, graph = shell.window, shell.window.stage.graph
    sizes = {name: splitter.sizes() for name, splitter in window.splitters().items()}
    window.panel.task.setFocus()
    QTest.keyClick(window, Key.Key_F8)
    qapp.processEvents()
    assert graph.width() > window.width() - 40
    assert graph.height() > window.height() - 140
    assert graph.hasFocus()
    assert "F8" in window.banner.text.text()
    QTest.keyClick(window, Key.Key_I)
    qapp.processEvents()
    assert window.stage.inside
    QTest.keyClick(window, Key.Key_F8)
    qapp.processEvents()
    assert not window.actions_by_id["picture-alone"].isChecked()
    assert window.side.isVisible()
    assert not window.banner.isVisible(), "what it says is true no more"
    QTest.keyClick(window, Key.Key_I)
    qapp.processEvents()
    assert {name: splitter.sizes() for name, splitter in window.splitters().items()} == sizes


def test_a_message_over_the_picture_alone_leaves_what_the_network_reads_in_sight(
    shell: Shell, qapp: QApplication
) -> None:
    window, graph = shell.window, shell.window.stage.graph
    for alone in (True, False):
        QTest.keyClick(window, Key.Key_F8)
        window.banner.show_error("No such file.")
        qapp.processEvents()
        middle = graph.mapTo(window.banner.parentWidget(), graph.rect().center()).y()
        assert (window.banner.geometry().bottom() < middle) is alone


def test_of_a_picture_alone_the_next_start_knows_nothing(
    qapp: QApplication, settings: Settings
) -> None:
    first = Shell(qapp, settings)
    first.window.show()
    first.window.actions_by_id["picture-alone"].trigger()
    assert first.window.side.isHidden() or not first.window.side.isVisible()
    first.window.close()
    second = Shell(qapp, settings)
    second.window.show()
    qapp.processEvents()
    assert second.window.side.isVisible()
    assert second.window.stage.strips.isVisible()
    assert second.window.foot.isVisible()
    second.window.close()
    for shell in (first, second):
        shell.window.deleteLater()
        shell.deleteLater()


def test_the_laboratory_and_a_reset_of_the_layout_end_a_picture_alone(
    shell: Shell, qapp: QApplication
) -> None:
    for command in ("lab", "reset-layout"):
        shell.window.actions_by_id["picture-alone"].trigger()
        assert not shell.window.side.isVisible()
        shell.window.actions_by_id[command].trigger()
        qapp.processEvents()
        assert shell.window.side.isVisible()
        assert not shell.window.actions_by_id["picture-alone"].isChecked()


def test_a_splitter_that_was_moved_and_a_folded_foot_are_remembered(
    qapp: QApplication, settings: Settings
) -> None:
    first = Shell(qapp, settings)
    first.window.resize(1280, 720)
    first.window.show()
    handle = first.window.sides.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(60, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(60, 0))
    first.window.actions_by_id["fold-foot"].trigger()
    qapp.processEvents()
    sizes = first.window.sides.sizes()
    first.window.close()
    second = Shell(qapp, settings)
    second.window.resize(1280, 720)
    second.window.show()
    qapp.processEvents()
    assert second.window.sides.sizes() == sizes
    assert second.window.foot.folded
    second.window.actions_by_id["reset-layout"].trigger()
    qapp.processEvents()
    assert second.window.sides.sizes() != sizes
    assert not second.window.foot.folded
    second.window.close()
    for shell in (first, second):
        shell.window.deleteLater()
        shell.deleteLater()


def test_a_foot_that_was_left_folded_opens_at_the_height_it_had(
    qapp: QApplication, settings: Settings
) -> None:
    first = Shell(qapp, settings)
    first.window.resize(1280, 720)
    first.window.show()
    handle = first.window.whole.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(0, 70))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 70))
    qapp.processEvents()
    sizes = first.window.whole.sizes()
    first.window.actions_by_id["fold-foot"].trigger()
    qapp.processEvents()
    first.window.close()
    for _ in range(2):  # also where it stays folded for a whole session
        next_one = Shell(qapp, settings)
        next_one.window.resize(1280, 720)
        next_one.window.show()
        qapp.processEvents()
        assert next_one.window.foot.folded
        next_one.window.close()
    last = Shell(qapp, settings)
    last.window.resize(1280, 720)
    last.window.show()
    last.window.actions_by_id["fold-foot"].trigger()
    qapp.processEvents()
    assert last.window.whole.sizes() == sizes
    last.window.close()
