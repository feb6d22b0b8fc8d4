"""The keyboard reaches everything, sees where it is, and the focused control gets its keys."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QWidget

from rnnviz.app.shell import Shell
from rnnviz.scene.levels import Level
from rnnviz.scene.theme import DARK, LIGHT, Theme

Key = Qt.Key
Until = Callable[[Callable[[], bool]], None]
OFFSCREEN = pytest.mark.qt_log_ignore("This plugin does not support")
"""A list or menu that opens asks for what only a real screen can do."""


def tab_stops(shell: Shell) -> list[QWidget]:
    """What Tab goes to, one after the other, beginning with the graph."""
    window = shell.window
    window.activateWindow()
    window.stage.graph.setFocus()
    stops: list[QWidget] = []
    while (widget := QApplication.focusWidget()) not in stops:
        assert widget is not None
        stops.append(widget)
        QTest.keyClick(widget, Key.Key_Tab)
    return stops


@pytest.mark.parametrize("key", [Key.Key_Tab, Key.Key_Backtab])
def test_tab_leaves_the_inspector_where_it_was_read(
    shell: Shell, key: Qt.Key, until: Until
) -> None:
    inspector = shell.window.inspector
    bar = inspector.verticalScrollBar()
    until(lambda: bar.maximum() > 0)
    shell.window.activateWindow()
    for place in (0, bar.maximum()):
        inspector.page.setFocus()
        bar.setValue(place)
        QTest.keyClick(inspector.page, key)
        assert QApplication.focusWidget() is not inspector.page
        assert bar.value() == place


def test_tab_goes_to_every_view_and_control_once_around(shell: Shell) -> None:
    window, stops = shell.window, tab_stops(shell)
    panel, transport = window.panel, window.transport
    wanted = (
        window.stage.graph, window.stage.strips, window.curve, window.inspector.page,
        window.side.tabBar(), window.tabs.tabBar(), window.sample.prompt, window.sample.heat,
        transport.speed, transport.train, panel.task, panel.hidden_size, panel.seed,
        panel.kinds.buttons["aligned"], panel.cell.button("rnn"),
        transport.unit.button("operation"),
    )  # fmt: skip
    for widget in wanted:
        assert widget in stops
    nameless = [w for w in stops if not (w.accessibleName() or getattr(w, "text", str)())]
    assert nameless == []


def test_tab_finds_the_pressed_button_of_a_group_and_the_arrows_press_its_neighbour(
    shell: Shell, until: Until
) -> None:
    panel = shell.window.panel
    panel.cell.set_value("gru")
    stops = tab_stops(shell)
    assert panel.cell.button("gru") in stops
    assert panel.cell.button("rnn") not in stops
    panel.cell.set_value("rnn")
    button = panel.cell.button("rnn")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    before = shell.model.position
    QTest.keyClick(button, Key.Key_Right)
    until(lambda: shell.desk is not None and shell.desk.run.spec.cell == "lstm")
    assert shell.model.position == before or shell.model.at_end


def test_the_arrows_choose_a_tab_when_the_tabs_have_the_focus(shell: Shell) -> None:
    bar = shell.window.side.tabBar()
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    before = shell.model.position
    QTest.keyClick(bar, Key.Key_Right)
    assert shell.window.side.currentWidget() is shell.window.steps
    assert shell.model.position == before


def test_page_keys_scroll_the_inspector_reached_by_tab_and_step_elsewhere(shell: Shell) -> None:
    window = shell.window
    window.resize(1000, 420)
    QApplication.processEvents()
    bar, page = window.inspector.verticalScrollBar(), window.inspector.page
    page.setFocus(Qt.FocusReason.TabFocusReason)
    before = shell.model.position
    QTest.keyClick(page, Key.Key_PageDown)
    assert bar.value() > 0
    assert shell.model.position == before
    window.stage.graph.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.stage.graph, Key.Key_PageUp)
    assert shell.model.position != before


def test_each_view_says_what_it_shows_now(shell: Shell) -> None:
    window = shell.window
    window.side.setCurrentWidget(window.steps)
    views = (window.stage.graph, window.stage.strips, window.steps)
    QTest.keyClick(window, Key.Key_Home)
    first = [view.accessibleDescription() for view in views]
    QTest.keyClick(window, Key.Key_Up)
    second = [view.accessibleDescription() for view in views]
    for before, after in zip(first, second, strict=True):
        assert before != after
    window.side.setCurrentWidget(window.inspector)
    before = window.inspector.page.accessibleDescription()
    QTest.keyClick(window, Key.Key_Up)
    assert window.inspector.page.accessibleDescription() != before


def test_a_number_that_was_typed_counts_when_a_button_that_takes_no_focus_is_pressed(
    shell: Shell, until: Until
) -> None:
    sample = shell.window.sample
    asked: list[int] = []
    sample.asked.connect(lambda _prompt, steps, _heat: asked.append(steps))
    shell.window.activateWindow()
    sample.steps.setFocus()
    sample.steps.selectAll()
    QTest.keyClicks(sample.steps, "17")
    assert sample.steps.value() != 17
    QTest.mouseClick(sample.button, Qt.MouseButton.LeftButton)
    assert asked == [17]
    rate = shell.window.panel.learning_rate
    rate.setFocus()
    rate.selectAll()
    QTest.keyClicks(rate, "0.03")
    QTest.mouseClick(shell.window.transport.train, Qt.MouseButton.LeftButton)
    until(lambda: shell.desk is not None and shell.desk.learning_rate == 0.03)


def test_a_prompt_that_is_refused_stays_chosen_in_its_field(shell: Shell, until: Until) -> None:
    sample, window = shell.window.sample, shell.window
    window.activateWindow()
    sample.prompt.setFocus()
    QTest.keyClicks(sample.prompt, "hexo")
    QTest.keyClick(sample.prompt, Key.Key_Return)
    until(window.banner.isVisible)
    assert sample.prompt.hasFocus()
    assert sample.prompt.selectedText() == "hexo"
    QTest.keyClicks(QApplication.focusWidget(), "he")
    assert sample.prompt.text() == "he"
    QTest.keyClick(sample.prompt, Key.Key_Return)
    until(lambda: bool(sample.text.toPlainText()))
    assert not sample.prompt.hasFocus()


@OFFSCREEN
@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
@pytest.mark.parametrize("name", ["task", "direction", "optimizer"])
def test_return_chooses_in_an_open_list_and_closes_it(
    shell: Shell, until: Until, name: str, key: Qt.Key
) -> None:
    field: QComboBox = getattr(shell.window.panel, name)
    shell.window.activateWindow()
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    until(lambda: field.view().isVisible())
    before = field.currentIndex()
    QTest.keyClick(field.view(), Key.Key_Down if before == 0 else Key.Key_Up)
    QTest.keyClick(field.view(), key)
    until(lambda: not field.view().isVisible())
    assert field.currentIndex() == (1 if before == 0 else before - 1)
    until(lambda: shell.desk is not None and shell.desk.undo_stack.canUndo())
    assert shell.window.stage.levels.level == Level()


@OFFSCREEN
def test_no_shortcut_takes_a_key_from_an_open_list_or_menu(shell: Shell, until: Until) -> None:
    window = shell.window
    pressed: list[str] = []
    for name in ("train", "cell", "fold", "play", "release", "inward"):
        action = window.actions_by_id[name]
        action.triggered.connect(lambda _=False, name=name: pressed.append(name))
    window.activateWindow()
    field = window.panel.optimizer
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    until(lambda: field.view().isVisible())
    for key in (Key.Key_T, Key.Key_I, Key.Key_U):
        QTest.keyClick(field.view(), key)
    QTest.keyClick(field.view(), Key.Key_Escape)
    until(lambda: not field.view().isVisible())
    menu = window.menus["Help"]
    menu.popup(window.mapToGlobal(window.rect().center()))
    until(menu.isVisible)
    QTest.keyClick(menu, Key.Key_T)
    QTest.keyClick(menu, Key.Key_Escape)
    until(lambda: not menu.isVisible())
    assert pressed == []


def seen(shell: Shell) -> np.ndarray:
    shot = shell.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.width(), 4)
    return pixels[..., :3].astype(np.int16)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("side", [0, 1, 2], ids=["inspector", "steps", "laboratory"])
def test_everything_that_tab_comes_to_is_seen_to_have_the_keys(
    shell: Shell, until: Until, theme: Theme, side: int
) -> None:
    window = shell.window
    shell.model.set_still(True)
    shell.look.choose("dark" if theme is DARK else "light")
    window.side.setCurrentIndex(side)
    window.tabs.setCurrentIndex(1)
    until(lambda: shell.is_settled and not shell.rooms.busy)
    stops = tab_stops(shell)
    assert len(stops) > 24
    for widget in stops:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        with_focus = seen(shell)
        widget.clearFocus()
        QApplication.processEvents()
        changed = np.abs(with_focus - seen(shell)).max(axis=2) > 40
        assert changed.sum() >= 20, (type(widget).__name__, widget.accessibleName())
        assert widget.accessibleName() or getattr(widget, "text", str)()
    for view in (window.stage.graph, window.stage.strips, window.curve, window.inspector.page):
        assert view.accessibleName()
        assert view.accessibleDescription()


def test_the_focus_is_still_seen_after_a_dialog_took_it_for_a_while(
    shell: Shell, until: Until
) -> None:
    graph = shell.window.stage.graph

    def edge() -> str:
        return graph.grab().toImage().pixelColor(graph.width() // 2, 1).name()

    shell.window.stage.strips.setFocus(Qt.FocusReason.TabFocusReason)
    plain = edge()
    graph.setFocus(Qt.FocusReason.TabFocusReason)
    framed = edge()
    assert framed != plain
    dialog = QDialog(shell.window)
    dialog.open()
    until(lambda: QApplication.focusWidget() is not graph)
    dialog.close()
    shell.window.activateWindow()
    until(lambda: QApplication.focusWidget() is graph)
    assert edge() == framed
    dialog.deleteLater()


@OFFSCREEN
def test_a_figure_chosen_with_the_mouse_leaves_home_and_end_to_the_pass(
    shell: Shell, until: Until
) -> None:
    window = shell.window
    window.activateWindow()
    QTest.keyClick(window, Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    chooser = window.lab.card.chooser
    until(chooser.isVisible)
    QTest.mouseClick(chooser, Qt.MouseButton.LeftButton)
    choices = chooser.view()
    until(choices.isVisible)
    choices.setCurrentIndex(choices.model().index(3, 0))
    QTest.keyClick(choices, Key.Key_Return)
    until(lambda: chooser.currentIndex() == 3)
    assert not chooser.hasFocus()
    keys_to = QApplication.focusWidget() or window
    QTest.keyClick(keys_to, Key.Key_Home)
    assert shell.model.position == 0
    assert chooser.currentIndex() == 3
