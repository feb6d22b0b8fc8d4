"""Nothing moves when a message comes or goes, and each stays as long as it is true."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from rnnviz.app.faults import FaultReporter
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import UserError

Until = Callable[[Callable[[], bool]], None]
TWENTY_FIVE_LINES = "\n".join([*(f"  File {n}, in a module" for n in range(24)), "no such gate"])


def test_a_message_moves_nothing(shell: Shell, qapp: QApplication) -> None:
    window = shell.window
    before = [window.stage.graph.size(), window.stage.strips.size(), window.curve.size()]
    window.banner.show_error("something is wrong with a file; choose another " * 8)
    qapp.processEvents()
    assert window.banner.isVisible()
    after = [window.stage.graph.size(), window.stage.strips.size(), window.curve.size()]
    assert after == before
    assert window.centralWidget().geometry().contains(window.banner.geometry())
    window.resize(1100, 700)
    qapp.processEvents()
    assert window.centralWidget().geometry().contains(window.banner.geometry())


def test_a_note_an_offer_and_what_the_stage_shows_cover_nothing(
    shell: Shell, qapp: QApplication
) -> None:
    window, banner = shell.window, shell.window.banner
    menus, central = window.menuBar(), window.centralWidget().geometry()
    says: tuple[Callable[[], None], ...] = (
        lambda: banner.show_note(f"Saved the run as {'/a-long-path' * 30}/x.rnnviz"),
        lambda: banner.show_offer("Something is kept.", "Continue", lambda: None),
        lambda: banner.show_state("The stage shows the sample. Esc: back."),
        lambda: QTest.keyClick(window, Qt.Key.Key_F8),
    )
    for width, height in ((1280, 720), (1920, 1080)):
        window.resize(width, height)
        for say in says:
            banner.dismiss()
            say()
            banner.tuck()
            qapp.processEvents()
            assert banner.isVisible()
            place = banner.geometry()
            assert not place.intersects(central)
            assert place.left() > menus.actionGeometry(menus.actions()[-1]).right()
            words = window.caption.fontMetrics().horizontalAdvance(window.caption.text())
            assert place.right() < window.width() - words
        QTest.keyClick(window, Qt.Key.Key_F8)


def test_a_note_without_room_beside_the_menus_is_read_whole_until_somebody_goes_on(
    shell: Shell, qapp: QApplication
) -> None:
    banner, note = shell.window.banner, f"Saved the run as {'/a-long-path' * 12}/x.rnnviz"
    banner.show_note(note)
    qapp.processEvents()
    assert banner.text.text() == note
    QTest.keyClick(shell.window, Qt.Key.Key_Right)
    qapp.processEvents()
    assert banner.geometry().bottom() <= shell.window.centralWidget().y()
    shown = banner.text.text()
    assert shown.startswith("Saved the run as /a")
    assert shown.endswith("x.rnnviz")
    assert banner.text.toolTip() == note
    assert banner.text.width() >= banner.text.fontMetrics().horizontalAdvance(shown)


def test_what_the_network_wrote_is_read_whole_though_it_has_no_room_beside_the_menus(
    shell: Shell, qapp: QApplication
) -> None:
    banner, state = shell.window.banner, f"The stage shows the sample: “{'word ' * 30}”. Esc: back."
    banner.show_state(state)
    qapp.processEvents()
    assert banner.text.text() == state
    banner.show_note("Saved.")
    qapp.processEvents()
    assert banner.geometry().bottom() <= shell.window.centralWidget().y()


def test_what_the_stage_shows_covers_nothing_any_more_when_one_can_have_read_it(
    shell: Shell, qapp: QApplication
) -> None:
    banner, state = shell.window.banner, f"The stage shows the sample: “{'word ' * 30}”. Esc: back."
    banner.show_state(state)
    banner._fold.timeout.emit()
    qapp.processEvents()
    assert banner.text.text().startswith("The stage shows the sample: “word")
    assert banner.text.text().endswith("Esc: back.")
    assert banner.text.toolTip() == state
    banner.show_note("Saved.")
    banner._leave.timeout.emit()
    assert banner.text.text().startswith("The stage shows the sample: “word"), "it has been read"
    assert banner.geometry().bottom() <= shell.window.centralWidget().y()


def test_esc_puts_away_an_error_and_nothing_else(shell: Shell, qapp: QApplication) -> None:
    shell.model.select("h_l0@2")
    shell.window.banner.show_error("No such file.")
    QTest.keyClick(shell.window, Qt.Key.Key_Escape)
    assert shell.window.banner.isHidden()
    assert shell.model.state is not None
    assert shell.model.state.selected == "h_l0@2"
    QTest.keyClick(shell.window, Qt.Key.Key_Escape)
    assert shell.model.state.selected != "h_l0@2"


def test_a_note_leaves_by_itself_and_the_words_on_the_stage_come_back(shell: Shell) -> None:
    banner = shell.window.banner
    banner.show_state("The stage shows the sample.")
    banner.show_note("Saved.")
    assert banner.text.text() == "Saved."
    banner._leave.timeout.emit()
    assert banner.text.text() == "The stage shows the sample."
    banner.dismiss()
    banner.show_note("Saved.")
    banner._leave.timeout.emit()
    assert not banner.isVisible()


def test_a_note_goes_with_the_run_that_it_is_about_and_one_on_the_new_run_stays(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    banner, desk = shell.window.banner, shell.desk
    assert desk is not None
    desk.save(tmp_path / "one.rnnviz")
    until(lambda: banner.text.text().startswith("Saved the run as"))
    for change in (
        lambda: shell.documents.open_path(str(tmp_path / "one.rnnviz")),
        lambda: desk.build(lambda: RunConfig(task="adding"), "another task"),
    ):
        before = desk.run
        banner.show_note("Saved the run.")
        change()
        until(lambda before=before: desk.run is not before)  # type: ignore[misc]  # bound here
        assert not banner.isVisible()
    banner.show_state("The stage shows the sample.")
    banner.show_note("Saved the picture.")
    banner.dismiss_note()
    assert banner.text.text() == "The stage shows the sample."
    banner.show_offer("Something is kept.", "Continue", lambda: None)
    banner.dismiss_note()
    assert banner.text.text() == "Something is kept."


def test_an_error_stays_until_it_is_closed(shell: Shell) -> None:
    banner = shell.window.banner
    banner.show_note("Saved.")
    banner.show_error("No such file.")
    assert not banner._leave.isActive()
    assert banner.text.text() == "No such file."


def lines_of(shell: Shell) -> float:
    text = shell.window.banner.text
    return text.height() / text.fontMetrics().lineSpacing()


def test_what_the_stage_shows_is_said_again_when_an_error_over_it_is_closed(shell: Shell) -> None:
    banner = shell.window.banner
    close = next(each for each in banner.findChildren(QToolButton) if each.text() == "Close")
    banner.show_state("The stage shows the sample.")
    banner.show_error("No such file.")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert banner.isVisible()
    assert banner.text.text() == "The stage shows the sample."
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    banner.show_state("The stage shows the sample.")
    banner.show_error("No such file.")
    banner.leave_state()
    assert banner.text.text() == "No such file."
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_why_a_model_cannot_be_made_is_said_while_a_sample_is_on_the_stage_too(
    shell: Shell, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, banner = shell.desk, shell.window.banner
    assert desk is not None
    desk.sample("h", 3, 1.0)
    until(lambda: shell.held)

    def refuse(config: RunConfig) -> Run:
        raise UserError("there is no room for so many units")

    monkeypatch.setattr(Run, "create", refuse)
    desk.change("hidden_size", 7)
    until(lambda: not desk.building)
    assert banner.isVisible()
    assert "no room for so many units" in banner.text.text()


def test_an_offer_waits_until_an_error_has_been_read(shell: Shell) -> None:
    banner = shell.window.banner
    close, offered = banner.findChildren(QToolButton)[1], banner.findChildren(QToolButton)[0]
    banner.show_error("No such file.")
    banner.show_offer("Something is kept.", "Continue", lambda: None)
    assert banner.text.text() == "No such file."
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert banner.text.text() == "Something is kept."
    assert offered.isVisible()
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_an_offer_comes_back_when_what_was_said_over_it_is_over(shell: Shell) -> None:
    banner, taken = shell.window.banner, list[str]()
    offered, close = banner.findChildren(QToolButton)[:2]
    banner.show_offer("Something is kept.", "Continue", lambda: taken.append("it"))
    banner.show_note("Saved.")
    assert offered.isHidden()
    banner._leave.timeout.emit()
    banner.show_state("The stage shows the sample.")
    banner.show_note("Saved.")
    banner.leave_state()
    banner._leave.timeout.emit()
    banner.show_progress("Reading …")
    banner.settle()
    banner.show_state("The stage shows the sample.")
    banner.leave_state()
    assert banner.text.text() == "Something is kept."
    QTest.mouseClick(offered, Qt.MouseButton.LeftButton)
    assert taken == ["it"]
    assert not banner.isVisible()
    banner.show_note("Saved.")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_of_an_error_of_many_lines_the_last_one_is_shown_and_the_tip_has_them_all(
    shell: Shell, qapp: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_config: object) -> Run:
        raise RuntimeError(TWENTY_FIVE_LINES)

    monkeypatch.setattr(Run, "create", fail)
    button, banner = shell.window.panel.cell.button("gru"), shell.window.banner
    button.setFocus(Qt.FocusReason.TabFocusReason)
    shell.window.activateWindow()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    until(banner.isVisible)
    qapp.processEvents()
    assert banner.text.text() == "no such gate"
    assert lines_of(shell) < 3.5
    assert "File 7" in banner.text.toolTip()


@pytest.mark.parametrize("message", ["a word and another " * 200, "/a-long-path" * 200])
def test_no_message_takes_more_than_three_lines(
    shell: Shell, qapp: QApplication, message: str
) -> None:
    banner = shell.window.banner
    banner.show_error(message)
    qapp.processEvents()
    assert banner.text.text().endswith("…")
    assert lines_of(shell) < 3.5
    if " " in message:
        assert lines_of(shell) > 2.5, "all three lines are used"
    assert banner.text.toolTip() == message
    assert shell.window.centralWidget().geometry().contains(banner.geometry())
    banner.show_error("No such file.")
    assert banner.text.text() == "No such file."
    assert banner.text.toolTip() == ""


def test_a_fault_of_the_program_is_one_plain_line_in_the_window_and_whole_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said: list[str] = []
    faults = FaultReporter(said.append)
    try:
        error = RuntimeError(TWENTY_FIVE_LINES)
        sys.excepthook(RuntimeError, error, None)
    finally:
        faults.stop()
    assert len(said) == 1
    assert "\n" not in said[0]
    assert "RuntimeError: no such gate" in said[0]
    assert "File 7" in capsys.readouterr().err


def test_a_fault_that_is_met_again_after_a_while_is_told_again() -> None:
    said: list[str] = []
    clock = iter((0.0, 0.02, 0.04, 60.0))
    faults = FaultReporter(said.append, lambda: next(clock))
    try:
        for _ in range(3):
            sys.excepthook(RuntimeError, RuntimeError("no such gate"), None)
        assert len(said) == 1, "frame after frame it is one"
        sys.excepthook(RuntimeError, RuntimeError("no such gate"), None)
    finally:
        faults.stop()
    assert len(said) == 2
