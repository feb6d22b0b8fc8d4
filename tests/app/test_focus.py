"""The keyboard reaches everything, sees where it is, and the focused control gets its keys."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz.app.shell import Shell

Key = Qt.Key
Until = Callable[[Callable[[], bool]], None]


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
