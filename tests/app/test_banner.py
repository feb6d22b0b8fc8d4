"""Messages float: nothing moves when they come or go, and each stays as long as it is true."""

from PySide6.QtWidgets import QApplication

from rnnviz.app.shell import Shell


def test_a_message_moves_nothing(shell: Shell, qapp: QApplication) -> None:
    window = shell.window
    before = [window.stage.graph.size(), window.stage.strips.size(), window.curve.size()]
    window.banner.show_error("something is wrong with a file; choose another " * 8)
    qapp.processEvents()
    assert window.banner.isVisible()
    after = [window.stage.graph.size(), window.stage.strips.size(), window.curve.size()]
    assert after == before
    assert window.centralWidget().rect().contains(window.banner.geometry())
    window.resize(1100, 700)
    qapp.processEvents()
    assert window.centralWidget().rect().contains(window.banner.geometry())


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


def test_an_error_stays_until_it_is_closed(shell: Shell) -> None:
    banner = shell.window.banner
    banner.show_note("Saved.")
    banner.show_error("No such file.")
    assert not banner._leave.isActive()
    assert banner.text.text() == "No such file."
