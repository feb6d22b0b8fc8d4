"""Inspector, training curve and list of operations as widgets."""

import math
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import laid_out
from rnnviz.scene.theme import theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace.history import History, Row
from rnnviz.views.curve_view import CurveView
from rnnviz.views.inspector_view import InspectorView
from rnnviz.views.steplist_view import PARTS, StepListView
from tests.scene.traces import make_trace


def state_of(selected: str = "", position: float | None = None) -> ViewState:
    trace = make_trace()
    timeline = Timeline(trace)
    at = float(len(timeline)) if position is None else position
    axis = TimeAxis.fitted(trace.columns, 100.0, 600.0)
    return ViewState(
        trace, timeline, cursor_at(timeline, at), axis, theme("light"), selected=selected
    )


def curve(qtbot: QtBot) -> CurveView:
    history = History()
    for number in range(401):
        loss = math.exp(-number / 100)
        history.append(Row(number, loss, loss, 1.0, 1.0, 1.0, 0.1, 0.1))
    view = CurveView()
    qtbot.addWidget(view)
    view.resize(800, 120)
    view.show_history(history, iteration=400, training=False, theme=theme("light"), classes=4)
    return view


def test_the_inspector_is_as_high_as_its_picture_and_scrolls(qtbot: QtBot) -> None:
    view = InspectorView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show(state_of("h_l0@1"))
    assert view.is_ready
    assert view.picture is not None
    assert view.picture.height > 200
    assert view.page.minimumHeight() == int(view.picture.height)
    assert "h₂" in view.page.accessibleDescription()


def test_the_wheel_scrolls_the_inspector_and_lights_what_is_under_the_pointer_then(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = InspectorView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show(state_of("h_l0@1"))
    view.show()
    looked: list[QPointF] = []
    monkeypatch.setattr(view.page, "look_under", looked.append)
    at = QPointF(20, 20)
    event = QWheelEvent(
        at, view.page.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QCoreApplication.sendEvent(view.page, event)
    assert not event.isAccepted(), "it is for what the page lies in"
    QCoreApplication.sendEvent(view.viewport(), event)
    scrolled = view.verticalScrollBar().value()
    assert scrolled > 0
    assert [round(place.y()) for place in looked] == [20 + scrolled]


@pytest.mark.parametrize("begin", [400, 300])
def test_dragging_the_curve_travels_and_says_where_it_ended(qtbot: QtBot, begin: int) -> None:
    view = curve(qtbot)
    picture = view.picture
    assert picture is not None
    dragged: list[int] = []
    view.iteration_dragged.connect(dragged.append)
    start, way, end = (QPoint(round(picture.x_of(n)), 60) for n in (begin, 200, 100))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, way)
    QTest.mouseMove(view, end)
    with qtbot.waitSignal(view.iteration_released) as caught:
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert abs(dragged[0] - 200) <= 1
    assert abs(caught.args[0] - 100) <= 1


@pytest.mark.parametrize("place", [399, 300, 2])
def test_a_click_on_the_curve_alone_travels_nowhere(qtbot: QtBot, place: int) -> None:
    view = curve(qtbot)
    picture = view.picture
    assert picture is not None
    moved: list[int] = []
    view.iteration_dragged.connect(moved.append)
    view.iteration_released.connect(moved.append)
    at = QPoint(round(picture.x_of(place)), 60)
    QTest.mouseMove(view, at)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view, at + QPoint(-40, 0))
    assert moved == []


@pytest.mark.parametrize(
    ("key", "goal"),
    [(Qt.Key.Key_Left, 399), (Qt.Key.Key_PageUp, 360), (Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 400)],
)
def test_the_curve_travels_by_key(qtbot: QtBot, key: Qt.Key, goal: int) -> None:
    view = curve(qtbot)
    with qtbot.waitSignal(view.iteration_released) as caught:
        QTest.keyClick(view, key)
    assert caught.args == [goal]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_frame_of_the_focused_curve_has_four_sides(qtbot: QtBot, ratio: float) -> None:
    view = curve(qtbot)
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    image = QImage(view.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    view.render(image)
    color = view.palette().highlight().color().rgb()
    middle, half = QPoint(image.width() // 2, 1), QPoint(1, image.height() // 2)
    last = QPoint(image.width() - 1, image.height() - 1)
    sides = (middle, half, last - half, last - middle)
    assert all(image.pixel(QPoint(abs(p.x()), abs(p.y()))) == color for p in sides)


def test_the_menu_of_the_curve_changes_its_axis(qtbot: QtBot) -> None:
    view = curve(qtbot)
    before = view.picture
    assert before is not None
    view.curve_menu().actions()[0].trigger()
    assert view.picture is not None
    assert view.picture.layers[0].key != before.layers[0].key


def test_the_list_follows_the_cursor_and_a_click_goes_there(qtbot: QtBot) -> None:
    view = StepListView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    chosen: list[int] = []
    view.operation_chosen.connect(chosen.append)
    view.show(state_of(position=6.0))
    assert view.currentIndex().row() == 5
    assert view.currentIndex().data() == view.model().index(5, 0).data()
    assert chosen == []
    target = view.model().index(2, 0)
    view.setCurrentIndex(target)
    assert chosen == [2]


def test_the_list_says_whose_pass_it_is_over_its_first_line(qtbot: QtBot) -> None:
    view = StepListView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.setVisible(True)
    state = state_of(position=1.0)
    view.show(replace(state, trace=replace(make_trace(batch=3), iteration=1234), row=1))
    (label,) = (child for child in view.findChildren(QLabel) if child.isVisible())
    assert label.text() == "iteration 1,234 · sequence 2 of 3"
    assert view.accessibleDescription().startswith("iteration 1,234 · sequence 2 of 3: ")
    assert label.fontMetrics().horizontalAdvance(label.text()) + 6 <= label.width()
    first = view.visualRect(view.model().index(0, 0)).translated(view.viewport().pos())
    assert label.geometry().bottom() < first.top()
    view.show(replace(state, trace=replace(state.trace, iteration=0, update=None)))
    assert not label.isVisible()
    assert view.viewport().y() == view.frameWidth()


def test_a_long_pass_makes_only_the_lines_in_sight(qtbot: QtBot) -> None:
    view = StepListView()
    qtbot.addWidget(view)
    trace = make_trace("abc" * 700)
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 100.0, 600.0)
    view.resize(400, 200)
    view.show(ViewState(trace, timeline, cursor_at(timeline, 5000.0), axis, theme("light")))
    assert view.model().rowCount() == len(timeline)
    assert view.currentIndex().row() == 4999


@pytest.mark.parametrize("width", [240, 283, 400])
@pytest.mark.parametrize(
    "options", [{}, {"cell": "gru", "layers": 2, "bidirectional": True}, {"hidden": 4, "batch": 3}]
)
def test_no_line_of_the_list_is_cut_at_any_usual_width(
    options: dict[str, Any], width: int, qtbot: QtBot
) -> None:
    view = StepListView()
    qtbot.addWidget(view)
    trace = make_trace(**options)
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 100.0, 600.0)
    view.show(ViewState(trace, timeline, cursor_at(timeline, 1.0), axis, theme("light")))
    advance = view.fontMetrics().horizontalAdvance
    for number in range(len(timeline)):
        index = view.model().index(number, 0)
        ways, results = index.data(PARTS)
        made, result = laid_out(ways, results, width - 12, 12, advance)
        assert advance(made) + (advance(result) + 12 if result else 0) <= width - 12, index.data()
        assert index.data().startswith(ways[0])
    assert view.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
