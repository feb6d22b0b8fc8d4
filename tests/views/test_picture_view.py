"""The one widget: repaints only what changed and says where the mouse is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.places import place_of
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.views.picture_view import PictureView
from tests.scene.traces import make_trace


def a_state(position: float = 3.0) -> ViewState:
    trace = make_trace("hello")
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, 606.0)
    return ViewState(trace, timeline, cursor_at(timeline, position), axis, LIGHT)


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView(graph_picture, "unrolled graph")
    qtbot.addWidget(made)
    made.resize(800, 360)
    made.show(a_state())
    made.show()
    qtbot.waitExposed(made)
    return made


def place(view: PictureView, node: str) -> QPoint:
    assert view.state is not None
    layout = layout_of(view.state.trace, view.state.axis, view.width(), view.height())
    found = place_of(layout, node)
    assert found is not None
    return QPoint(*map(round, found.center))


def test_a_click_names_the_node_and_a_double_click_opens_it(
    qtbot: QtBot, view: PictureView
) -> None:
    with qtbot.waitSignal(view.node_clicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, "h_l0@2"))
    assert clicked.args == ["h_l0@2"]
    with qtbot.waitSignal(view.node_activated) as opened:
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place(view, "h_l0@1"))
    assert opened.args == ["h_l0@1"]


def test_dragging_moves_through_the_columns_and_is_no_click(
    qtbot: QtBot, view: PictureView
) -> None:
    columns: list[int] = []
    clicks: list[str] = []
    view.column_dragged.connect(columns.append)
    view.node_clicked.connect(clicks.append)
    start, end = place(view, "x@0"), place(view, "x@3")
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.6, 1.0):
        x = round(start.x() + share * (end.x() - start.x()))
        qtbot.mouseMove(view, QPoint(x, start.y()))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert columns[-1] == 3
    assert clicks == []


def test_the_wheel_zooms_about_the_pointer_and_scrolls_with_shift(
    qtbot: QtBot, view: PictureView
) -> None:
    def wheel(modifiers: Qt.KeyboardModifier) -> QWheelEvent:
        at = QPointF(300.0, 100.0)
        return QWheelEvent(
            at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip

    with qtbot.waitSignal(view.zoom_requested) as zoomed:
        view.wheelEvent(wheel(Qt.KeyboardModifier.NoModifier))
    assert zoomed.args == [pytest.approx(1.2), 300.0]
    with qtbot.waitSignal(view.scroll_requested) as scrolled:
        view.wheelEvent(wheel(Qt.KeyboardModifier.ShiftModifier))
    assert scrolled.args[0] < 0


def test_a_state_that_changes_nothing_is_not_painted_again(qtbot: QtBot) -> None:
    pictures: list[Picture] = []
    paints: list[int] = []

    class Counting(PictureView):
        def paintEvent(self, event: object) -> None:
            paints.append(1)
            super().paintEvent(event)  # type: ignore[arg-type]  # handed on as it came

    def build(state: ViewState, width: float, height: float) -> Picture:
        pictures.append(graph_picture(state, width, height))
        return pictures[-1]

    view = Counting(build)
    qtbot.addWidget(view)
    view.resize(800, 360)
    state = a_state()
    view.show(state)
    view.show()
    qtbot.waitExposed(view)
    qtbot.wait(20)
    before = len(paints)
    view.show(replace(state))
    qtbot.wait(20)
    assert len(paints) == before
    view.show(replace(state, hovered="h_l0@1"))
    qtbot.waitUntil(lambda: len(paints) > before)


def test_a_screen_reader_hears_name_and_summary(view: PictureView) -> None:
    assert view.accessibleName() == "unrolled graph"
    assert "4 steps" in view.accessibleDescription()
    view.show(a_state(1e9))
    assert "Total loss" in view.accessibleDescription()


def test_two_fingers_zoom_about_the_point_between_them(qtbot: QtBot, view: PictureView) -> None:
    at, kind = QPointF(340.0, 120.0), Qt.NativeGestureType.ZoomNativeGesture
    device = QPointingDevice.primaryPointingDevice()
    pinch = QNativeGestureEvent(kind, device, 2, at, at, at, 0.25, QPointF())
    with qtbot.waitSignal(view.zoom_requested) as asked:
        QCoreApplication.sendEvent(view, pinch)
    assert asked.args == [pytest.approx(1.25), 340.0]


def test_words_under_the_pointer_go_when_another_picture_comes(
    view: PictureView, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: list[bool] = []
    monkeypatch.setattr(QToolTip, "hideText", lambda: hidden.append(True))
    view.show(a_state(4.0))
    assert not hidden
    view.set_builder(graph_picture)
    assert hidden == [True]


def test_what_is_said_of_a_box_begins_with_the_number_under_the_pointer(
    view: PictureView, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, *_: said.append(text))
    at = place(view, "h_l0@0")
    QCoreApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    (words,) = said
    assert words.startswith("h[2] = ")
    assert "at step 1\n" in words
