from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.shell import Shell


class _LaidOut(QObject):
    """Counts how often what it watches is asked to lay itself out."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.LayoutRequest
        return False


def test_figures_of_training_change_without_the_window_being_laid_out_again(
    bare_shell: Shell, qapp: QApplication
) -> None:
    window = bare_shell.window
    bar = window.transport
    bar.show_status("iteration 1")
    QTest.qWait(50)  # what the window's own start asks for comes first
    laid_out = _LaidOut()
    window.installEventFilter(laid_out)
    bar.installEventFilter(laid_out)
    for text in (
        "iteration 9",
        "iteration 10   loss 1.386",
        "iteration 11,234   loss 0.02   9 it/s",
    ):
        bar.show_status(text)
        qapp.processEvents()
        assert bar.status.text() == text
    assert laid_out.times == 0
    window.removeEventFilter(laid_out)
    bar.removeEventFilter(laid_out)
