"""The strips as a widget: fold, resize, scroll and sort with the mouse."""

from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.theme import theme
from rnnviz.scene.timeline import Timeline
from rnnviz.views.strips_view import StripsView
from tests.scene.traces import make_trace


def shown(qtbot: QtBot, height: int = 420, **options: object) -> tuple[StripsView, ViewState]:
    trace = make_trace(**options)  # type: ignore[arg-type]  # options of the trace
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 120.0, 640.0)
    cursor = cursor_at(timeline, float(len(timeline)))
    state = ViewState(trace, timeline, cursor, axis, theme("light"))
    view = StripsView()
    qtbot.addWidget(view)
    view.resize(800, height)
    view.show(state)
    return view, state


def placed(view: StripsView, name: str) -> Placed:
    assert isinstance(view.picture, StripsPicture)
    return next(p for p in view.picture.placed if p.strip.name == name)


def point(x: float, y: float) -> QPoint:
    return QPoint(round(x), round(y))


def test_a_click_on_a_title_folds_and_opens_its_strip(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    rect = placed(view, "probs").rect
    with qtbot.waitSignal(view.layout_changed):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point(30, rect.y + 8))
    assert placed(view, "probs").collapsed
    rect = placed(view, "probs").rect
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point(30, rect.y + 8))
    assert not placed(view, "probs").collapsed


def test_dragging_the_lower_edge_of_a_title_resizes_its_strip(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    rect = placed(view, "h_l0").rect
    start = point(30, rect.bottom - 2)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(0, 40))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 40))
    assert placed(view, "h_l0").rect.h == pytest.approx(rect.h + 40, abs=2)


def wheel(view: StripsView, at: QPointF, delta: int) -> None:
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view.wheelEvent(event)


def test_the_wheel_scrolls_in_the_gutter_and_zooms_on_the_axis(qtbot: QtBot) -> None:
    view, _ = shown(qtbot, height=200, cell="lstm", layers=2)
    wheel(view, QPointF(30, 100), -120)
    assert view.strip_layout.scroll > 0
    wheel(view, QPointF(30, 100), 1200)
    assert view.strip_layout.scroll == 0
    with qtbot.waitSignal(view.zoom_requested):
        wheel(view, QPointF(400, 100), 120)


def test_a_click_on_a_cell_names_its_node(qtbot: QtBot) -> None:
    view, state = shown(qtbot)
    rect = placed(view, "h_l0").rect
    with qtbot.waitSignal(view.node_clicked) as caught:
        QTest.mouseClick(
            view, Qt.MouseButton.LeftButton, pos=point(state.axis.center_of(2), rect.y + 5)
        )
    assert caught.args == ["h_l0@2"]


def test_the_menu_of_a_strip_sorts_moves_and_resets(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    menu = view.strip_menu(placed(view, "h_l0"), 0)
    texts = {action.text(): action for action in menu.actions()}
    texts["Units by &activity"].trigger()
    assert view.strip_layout.sorting_of("h_l0") == "activity"
    texts["Move &up"].trigger()
    assert isinstance(view.picture, StripsPicture)
    assert view.picture.every[0].strip.name == "h_l0"
    menu = view.strip_menu(placed(view, "h_l0"), 1)
    {action.text(): action for action in menu.actions()}["&Pin unit 2 on top"].trigger()
    assert view.strip_layout.pins_of("h_l0") == (1,)
    menu = view.strip_menu(placed(view, "h_l0"), 1)
    {action.text(): action for action in menu.actions()}["&Reset all strips"].trigger()
    assert view.strip_layout == StripLayout()


def test_the_summary_reaches_the_screen_reader(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    assert "hidden state" in view.accessibleDescription()


def test_a_unit_is_dragged_to_another_row_with_shift(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    rect = placed(view, "h_l0").rect
    rows = [point(400, rect.y + rect.h * share) for share in (0.1, 0.9)]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, rows[0])
    QTest.mouseMove(view, rows[1])
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, rows[1])
    assert isinstance(view.picture, StripsPicture)
    assert view.picture.units(placed(view, "h_l0")) == (1, 2, 0)
    assert view.strip_layout.sorting_of("h_l0") == "hand"


def test_a_row_moves_by_the_menu_too_and_not_beyond_the_edge(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    menu = view.strip_menu(placed(view, "h_l0"), 0)
    texts = {action.text(): action for action in menu.actions()}
    assert not texts["Unit 1 a row up"].isEnabled()
    texts["Unit 1 a row down"].trigger()
    assert isinstance(view.picture, StripsPicture)
    assert view.picture.units(placed(view, "h_l0")) == (1, 0, 2)


def test_the_menu_of_a_strip_asks_for_its_numbers(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    menu = view.strip_menu(placed(view, "h_l0"))
    texts = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(view.numbers_wanted) as wanted:
        texts["&Copy these numbers"].trigger()
    assert wanted.args == ["h_l0", "copy"]


def tabbed(view: StripsView) -> None:
    came = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(view, came)


def names_of(view: StripsView) -> list[str]:
    assert isinstance(view.picture, StripsPicture)
    return [placed.strip.name for placed in view.picture.every]


def test_strips_are_chosen_folded_moved_and_resized_by_key(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    tabbed(view)
    assert view.chosen is not None
    names = names_of(view)
    assert view.chosen.strip.name == names[0]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.chosen.strip.name == names[1]
    high = view.chosen.rect.h
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.chosen.rect.h == high + 12
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.chosen.collapsed
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names_of(view)[:2] == [names[1], names[0]]


def test_a_strip_chosen_by_key_comes_into_sight(qtbot: QtBot) -> None:
    view, _ = shown(qtbot, cell="lstm", height=160)
    tabbed(view)
    count = len(names_of(view))
    for _ in range(count):
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.chosen is not None
        assert view.chosen.rect.y >= 0
        assert view.chosen.rect.y < view.height()


def test_the_strips_leave_the_keys_alone_when_they_were_only_clicked(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    before = view.strip_layout
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.strip_layout == before


def test_a_seldom_needed_strip_is_opened_by_the_menu(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    menu = view.strip_menu(placed(view, "h_l0"))
    # Not by way of QAction.menu(): in PySide6 6.10 such a menu goes when its action is let go.
    inner = menu.findChildren(QMenu)
    action = next(a for more in inner for a in more.actions() if "∂L/∂x" in a.text())
    action.trigger()
    assert "dL_dx" in names_of(view)
    menu.deleteLater()


def test_a_strip_is_dragged_to_another_place_by_its_title(qtbot: QtBot) -> None:
    view, _ = shown(qtbot)
    before = names_of(view)
    start = point(30, placed(view, "h_l0").rect.y + 8)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for y in range(0, 120, 6):
        QTest.mouseMove(view, start + QPoint(0, y))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 114))
    after = names_of(view)
    assert after.index("h_l0") > before.index("h_l0")
    assert sorted(after) == sorted(before)
    assert not placed(view, "h_l0").collapsed
    assert [n for n in after if n != "h_l0"] == [n for n in before if n != "h_l0"]


def move(view: StripsView, at: QPointF) -> None:
    none = Qt.MouseButton.NoButton
    where = QPointF(view.mapToGlobal(at))
    kind, keys = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    view.mouseMoveEvent(QMouseEvent(kind, at, where, none, none, keys))


def test_the_words_follow_the_pointer_once_they_are_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, state = shown(qtbot)
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, *_: said.append(text))
    rect = placed(view, "h_l0").rect
    monkeypatch.setattr(QToolTip, "isVisible", lambda: False)
    move(view, QPointF(state.axis.center_of(0), rect.center[1]))
    assert said == []
    monkeypatch.setattr(QToolTip, "isVisible", lambda: True)
    for column in (1, 2):
        move(view, QPointF(state.axis.center_of(column), rect.center[1]))
    assert [text.partition("step ")[2][0] for text in said] == ["2", "3"]


def test_another_pass_does_not_paint_the_scroll_bar_again(qtbot: QtBot) -> None:
    view, state = shown(qtbot, height=140)
    view.setVisible(True)
    qtbot.waitExposed(view)
    bar = view._bar
    assert bar.isVisible()
    qtbot.wait(20)
    painted: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                painted.append("bar" if watched is bar else "strips")
            return False

    watch = Watch()
    bar.installEventFilter(watch)
    view.installEventFilter(watch)
    view.show(replace(state, trace=make_trace(seed=5)))
    qtbot.wait(20)
    assert painted == ["strips"]


def test_every_click_on_the_scroll_bar_goes_on_by_a_strip_and_the_handle_to_the_nearest(
    qtbot: QtBot,
) -> None:
    view, _ = shown(qtbot, height=240, cell="lstm", layers=2, hidden=40)
    view.set_strip_layout(view.strip_layout.resized("h_l0", 180.0))
    picture, bar = view.picture, view._bar
    assert isinstance(picture, StripsPicture)
    for stop in picture.stops[1:]:
        bar.triggerAction(bar.SliderAction.SliderSingleStepAdd)
        assert view.picture.scroll == stop  # type: ignore[union-attr]  # StripsPicture
        assert bar.value() == round(stop)
    for stop in reversed(picture.stops[:-1]):
        bar.triggerAction(bar.SliderAction.SliderSingleStepSub)
        assert view.picture.scroll == stop  # type: ignore[union-attr]  # StripsPicture
    bar.setSliderDown(True)
    first = picture.stops[1]
    for value, at in ((1, 0.0), (round(first) - 2, first), (round(first) + 2, first)):
        bar.setValue(value)
        assert view.picture.scroll == at  # type: ignore[union-attr]  # StripsPicture
    bar.setSliderDown(False)
