"""Small and scaled screens: the window is whole on them, and shows the essentials."""

import pytest
from PySide6.QtWidgets import QApplication

from rnnviz.app.arrangement import first_size
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.app.window import MainWindow
from rnnviz.scene.theme import theme
from rnnviz.session import Run, RunConfig


@pytest.mark.parametrize("screen", [(1024, 576), (853, 480), (853, 453), (815, 600)])
def test_a_first_window_on_a_small_screen_is_no_larger_than_the_screen(
    screen: tuple[int, int], qapp: QApplication, settings: Settings
) -> None:
    """1280 by 720 pixels at 125 % and at 150 %, there also under a desktop's bar of 40 pixels."""
    shell = Shell(qapp, settings)
    window = shell.window
    shell.look.choose("light")
    window.resize(*first_size(screen))
    window.show()
    shell.attach(Run.create(RunConfig(task="hello")))
    qapp.processEvents()
    assert (window.width(), window.height()) == first_size(screen)
    desk = window.centralWidget()
    assert desk is not None
    for widget in (window.transport.status, window.tabs, window.side):
        place = widget.mapTo(desk, widget.rect().bottomRight())
        assert desk.rect().contains(place)
    window.close()


def test_a_narrow_bar_says_the_units_in_fewer_letters_and_a_wide_one_in_all(
    bare_shell: Shell, qapp: QApplication
) -> None:
    window = bare_shell.window
    units = window.transport.unit
    said = {}
    for width in (1280, 845):
        window.resize(width, 700)
        qapp.processEvents()
        said[width] = [units.button(value).text() for value in ("operation", "step", "pass")]
    assert said == {1280: ["operation", "time step", "pass"], 845: ["op", "step", "pass"]}
    assert units.button("step").accessibleName() == "step by: time step"
    assert "column" in units.button("step").toolTip()


def test_the_bar_stands_where_it_stays_before_the_panels_are_there(
    qapp: QApplication, settings: Settings
) -> None:
    window = MainWindow(theme("light"))
    window.resize(1280, 700)
    window.show()
    # Whatever is painted first, before any event.
    units = [window.transport.unit.button(value) for value in ("operation", "step", "pass")]
    assert all(button.width() >= button.sizeHint().width() for button in units)
    qapp.processEvents()
    bare = window.transport.geometry()
    assert bare.y() == 0
    shell = Shell(qapp, settings, window=window)
    qapp.processEvents()
    assert window.transport.geometry() == bare
    window.close()
    window.deleteLater()
    shell.deleteLater()


def test_a_low_window_begins_with_a_folded_foot_and_a_high_one_without(
    qapp: QApplication, settings: Settings
) -> None:
    theirs = theme("light")
    for height, chosen, folded in (
        (413, False, True),
        (700, False, False),
        (413, True, False),  # opened by hand: it stays open
        (413, False, False),
    ):
        window = MainWindow(theirs)
        window.resize(845, height)
        shell = Shell(qapp, settings, window=window)
        window.show()
        if chosen:
            window.actions_by_id["fold-foot"].trigger()
        assert window.foot.folded is folded
        assert window.actions_by_id["fold-foot"].isChecked() is folded
        window.close()
        window.deleteLater()
        shell.deleteLater()


def test_on_a_full_hd_screen_at_200_percent_everything_is_inside_the_window(
    bare_shell: Shell, qapp: QApplication
) -> None:
    window = bare_shell.window
    for width in (1100, 952):
        window.resize(width, 500)
        qapp.processEvents()
    assert window.width() <= 960
    bar = window.transport
    bar.show_status("iteration 1,234,567   loss 1.234   1,234 it/s")
    bar.show_phase("backward pass — ∂L/∂h₁₂", theme("light").gradient)
    qapp.processEvents()
    for widget in (bar.phase, bar.train, bar.status):
        assert bar.rect().contains(widget.geometry())
    assert not bar.phase.geometry().intersects(bar.train.geometry())
    assert "1,234 it/s" in bar.status.toolTip()
    assert bar.phase.text() == "backward pass — ∂L/∂h₁₂"
    window.resize(845, 440)
    qapp.processEvents()
    assert window.width() == 845
    for widget in (bar.phase, bar.train, bar.status):
        assert bar.rect().contains(widget.geometry())
    assert bar.phase.text() == "∂L/∂h₁₂"
    assert bar.phase.toolTip() == "backward pass — ∂L/∂h₁₂"
