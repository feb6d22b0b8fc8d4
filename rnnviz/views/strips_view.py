"""The strips as a widget: remembers their layout, folds, scrolls, resizes and sorts them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QScrollBar, QWidget

from rnnviz.scene.shapes import Hit, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import StripsPicture, strips_picture
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_room import GAP
from rnnviz.scene.strips_values import strip_values
from rnnviz.views.picture_view import PictureView
from rnnviz.views.strips_grip import Grip, is_edge
from rnnviz.views.strips_keys import STRIP_KEYS, chosen_strip, key_of, press
from rnnviz.views.strips_menu import strip_menu

_LINE = 48.0
"""Pixels of a click on an arrow of the scroll bar: about a strip."""


class StripsView(PictureView):
    """Shows `strips_picture`; in the gutter a click folds, the wheel scrolls, a drag moves a strip
    or, at its lower edge, resizes it.

    With Shift a unit is dragged to another row: sorted by hand.

    `layout_changed` carries the new `StripLayout`, so that whoever keeps settings can keep it;
    `numbers_wanted` a strip's name and what to do with its numbers, ``copy`` or ``save``.
    """

    layout_changed = Signal(object)
    numbers_wanted = Signal(str, str)

    def __init__(self, layout: StripLayout | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            self._picture, "Strips on the time axis", hint=QSize(760, 280), parent=parent
        )
        self._layout = layout or StripLayout()
        self._memo = StripsMemo()
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName("scroll through the strips")
        self._bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar.setSingleStep(round(_LINE))
        self._bar.hide()
        self._bar.valueChanged.connect(self._scroll_to)
        self._fit: tuple[int, int, float, QSize] | None = None
        self._grip: Grip | None = None
        self._moving: tuple[str, int] | None = None
        self._chosen = ""
        self._turned = 0.0

    @property
    def strip_layout(self) -> StripLayout:
        """How the strips are arranged now."""
        return self._layout

    def set_strip_layout(self, layout: StripLayout) -> None:
        """Arrange the strips in another way."""
        if layout != self._layout:
            self._layout = layout
            self._rebuild()
            self.layout_changed.emit(layout)

    def _picture(self, state: ViewState, width: float, height: float) -> Picture:
        picture = strips_picture(state, width, height, self._layout, self._memo)
        self._fit_bar(picture)
        return picture

    def picture_place(self) -> QRect:
        """All but the scroll bar: to paint it costs as much as all the strips."""
        place = self.rect()
        if self._bar.isVisible():
            place.setRight(self._bar.x() - 1)
        return place

    def _fit_bar(self, picture: StripsPicture) -> None:
        """Show the scroll bar where there are more strips than room."""
        most, at = round(picture.stops[-1]), round(picture.scroll)
        fit = (most, at, picture.height, self.size())
        if fit == self._fit:
            return
        self._fit, bar = fit, self._bar
        bar.blockSignals(True)
        bar.setRange(0, max(most, 0))
        bar.setPageStep(round(picture.height))
        bar.setValue(at)
        bar.blockSignals(False)
        wide = bar.sizeHint().width()
        bar.setGeometry(self.width() - wide, 0, wide, self.height())
        bar.setVisible(most > 0)

    @Slot(int)
    def _scroll_to(self, value: int) -> None:
        shown = self._strips()
        if shown is None:
            return
        rows = shown.rows_to(float(value))
        if rows == 0 and not self._bar.isSliderDown():
            # A click on an arrow or beside the handle goes on by a strip, however high it is.
            rows = (value > shown.scroll) - (value < shown.scroll)
        self.set_strip_layout(shown.scrolled(self._layout, rows))
        # The handle stands where the strips do, also where these have not moved.
        self._fit = None
        self._fit_bar(shown if rows == 0 else self._strips() or shown)

    def _strips(self) -> StripsPicture | None:
        return self.picture if isinstance(self.picture, StripsPicture) else None

    def _strip_at(self, at: QPointF) -> Placed | None:
        shown = self._strips()
        if shown is None:
            return None
        begun = [p for p in shown.placed if p.rect.y <= at.y()]
        last = max((p.rect.y for p in begun), default=0.0)
        here = [p for p in begun if p.rect.y == last and at.y() < p.rect.bottom + GAP]
        if len(here) > 1 and self.state is not None and not self._in_gutter(at):
            # Encoder and decoder share a row: it is the one whose step is pointed at.
            column = self.state.axis.column_at(at.x())
            here.sort(key=lambda p: not p.strip.part.start <= column < p.strip.part.stop)
        return here[0] if here else None

    def _in_gutter(self, at: QPointF) -> bool:
        return self.state is not None and at.x() < self.state.axis.left

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        placed = self._strip_at(at)
        if (
            placed is not None
            and self._in_gutter(at)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self._grip = Grip.on(placed, at.y())
            return
        if placed is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            unit = self._unit_at(placed, at)
            if unit is not None and event.button() == Qt.MouseButton.LeftButton:
                self._moving = (placed.strip.name, unit)
                return
        super().mousePressEvent(event)

    def _told(self, at: QPointF) -> Hit | None:
        """What stands there is a number already, with its unit, step and token."""
        return self._hit(at)

    def number_at(self, at: QPointF) -> str:
        placed = self._strip_at(at)
        shown = self._strips()
        if placed is None or shown is None or self.state is None or self._in_gutter(at):
            return ""
        share = (at.y() - placed.rect.y) / max(placed.rect.h, 1.0)
        return shown.number_at(placed, int(self.state.axis.column_at(at.x())), share)

    def _unit_at(self, placed: Placed, at: QPointF) -> int | None:
        shown = self._strips()
        share = (at.y() - placed.rect.y) / max(placed.rect.h, 1.0)
        return shown.unit_at(placed, share) if shown is not None else None

    def _move_unit(self, name: str, unit: int, at: QPointF) -> None:
        """The unit into the row under the mouse, the others closing up."""
        placed, shown = self._strip_at(at), self._strips()
        if placed is None or shown is None or placed.strip.name != name:
            return
        there = self._unit_at(placed, at)
        if there is not None and there != unit:
            units = shown.units(placed)
            here, to = units.index(unit), units.index(there)
            self.set_strip_layout(self._layout.with_unit_at(name, units, here, to))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        shown = self._strips()
        if self._grip is not None and shown is not None:
            self.set_strip_layout(self._grip.moved(self._layout, shown, at.y()))
            if self._grip.dragged:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if self._moving is not None:
            self._move_unit(*self._moving, at)
            return
        super().mouseMoveEvent(event)
        placed = self._strip_at(at)
        if placed is not None and self._in_gutter(at):
            edge = is_edge(placed, at.y())
            self.setCursor(
                Qt.CursorShape.SizeVerCursor if edge else Qt.CursorShape.PointingHandCursor
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None or self._moving is not None:
            grip, self._grip, self._moving = self._grip, None, None
            if grip is not None:
                self.set_strip_layout(grip.released(self._layout))
            return
        if self._gripped_at is None and self._in_gutter(event.position()):
            return
        super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Over the gutter, or with Alt, the wheel scrolls the strips; elsewhere it zooms time."""
        shown = self._strips()
        delta = event.angleDelta().y() or event.angleDelta().x()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if shown is not None and (alt or self._in_gutter(event.position())):
            # A touchpad tells of fractions of a notch.
            self._turned -= delta / 120.0
            rows = int(self._turned)
            self._turned -= rows
            if rows:
                self.set_strip_layout(shown.scrolled(self._layout, rows))
            event.accept()
            return
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at, place = QPointF(event.pos()), event.globalPos()
        placed = self._strip_at(at)
        unit = self._unit_at(placed, at) if placed is not None else None
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            placed = self.chosen
            unit = self._strongest(placed) if placed is not None else None
            if placed is not None:
                place = self.mapToGlobal(QPoint(24, round(placed.rect.y) + 16))
        if placed is not None:
            menu = self.strip_menu(placed, unit)
            menu.exec(place)
            menu.deleteLater()

    def _strongest(self, placed: Placed) -> int | None:
        """The unit that a menu opened by key is about: the strongest one at the cursor."""
        part, state = placed.strip.part, self.state
        if state is None or placed.strip.family != "heat" or placed.strip.name == "attention":
            return None
        column = min(max(state.cursor.column, part.start), part.stop - 1)
        values = strip_values(state, placed.strip)[column - part.start]
        return int(np.abs(np.nan_to_num(values)).argmax())

    def strip_menu(self, placed: Placed, unit: int | None = None) -> QMenu:
        """What can be done with one strip: fold, move, sort its units, pin the one under the
        mouse."""
        return strip_menu(self, placed, unit)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the strips from the window's shortcuts for whoever came by Tab."""
        wanted = event.type() == QEvent.Type.ShortcutOverride and self._tabbed_to
        if wanted and isinstance(event, QKeyEvent) and key_of(event) in STRIP_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose a strip; with Alt they move it, with Shift they resize it; Enter
        folds it or opens it."""
        shown = self._strips()
        done = (
            press(self._layout, shown, self._chosen, key_of(event))
            if shown is not None and self._tabbed_to
            else None
        )
        if done is None:
            super().keyPressEvent(event)
            return
        self._chosen, layout = done
        self.set_strip_layout(layout)
        self.update()

    @property
    def chosen(self) -> Placed | None:
        """The strip that the keys are about."""
        shown = self._strips()
        return chosen_strip(shown, self._chosen) if shown is not None else None

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        placed = self.chosen if self._tabbed_to else None
        if placed is None or self.state is None:
            return
        painter = QPainter(self)
        try:
            painter.setPen(QPen(QColor.fromRgba(self.state.theme.accent), 2.0))
            rect = placed.rect
            painter.drawRoundedRect(QRectF(3, rect.y - 3, self.width() - 22, rect.h + 6), 4, 4)
        finally:
            painter.end()
