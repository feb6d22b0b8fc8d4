"""The way from one level to the next: what is entered grows to fill the view, and shrinks back."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

_MILLISECONDS = 260


class LevelTransition(QWidget):
    """Lies over a view while it changes and lets the mouse through; ends at once when asked.

    The outer picture is drawn so that the place which is entered grows from where it stood to
    the whole view; the inner picture fades in (or out) exactly there.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._outer, self._inner = QPixmap(), QPixmap()
        self._place = QRectF()
        self._inward = True
        self._share = 0.0
        self._clock = QVariantAnimation(self)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setDuration(_MILLISECONDS)
        self._clock.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._clock.valueChanged.connect(self._advance)
        self._clock.finished.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def picture(self) -> QPixmap:
        """What the view shows now, without this."""
        self.stop()
        return self._view.grab() if self._view.isVisible() else QPixmap()

    def play(self, before: QPixmap, place: QRectF | None, *, inward: bool) -> None:
        """From the picture before to the one the view shows now, through a place."""
        if before.isNull() or not self._view.isVisible():
            return
        after = self._view.grab()
        self._outer, self._inner = (before, after) if inward else (after, before)
        # A view that opens a cell may become larger: the place is a share of the outer picture.
        size = self._outer.deviceIndependentSize()
        whole = QRectF(0.0, 0.0, size.width(), size.height())
        found = place if place is not None and place.width() > 0 else _middle(whole)
        self._place = _scaled(found, 1.0 / size.width(), 1.0 / size.height())
        self._inward, self._share = inward, 0.0
        self.setGeometry(self._view.rect())
        self.show()
        self.raise_()
        self._clock.start()

    @property
    def is_running(self) -> bool:
        return self._clock.state() == QVariantAnimation.State.Running

    @property
    def entered(self) -> float:
        """How far in one is: 0 the outer picture, 1 the inner one."""
        return self._share if self._inward else 1.0 - self._share

    def turn(self) -> None:
        """Back to where it came from, from where it is now; the easing is the same both ways."""
        passed = self._clock.currentTime()
        self._inward = not self._inward
        self._clock.setCurrentTime(_MILLISECONDS - passed)
        self.setGeometry(self._view.rect())

    def stop(self) -> None:
        """Show the view itself at once."""
        self._clock.stop()
        self.hide()

    @Slot(object)
    def _advance(self, share: float) -> None:
        self._share = float(share)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        whole, share = QRectF(self.rect()), self.entered
        place = _scaled(self._place, whole.width(), whole.height())
        at = _between(place, whole, share)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(self.rect(), self.palette().base())
            sx, sy = at.width() / place.width(), at.height() / place.height()
            outer = QRectF(
                at.x() - place.x() * sx, at.y() - place.y() * sy,
                whole.width() * sx, whole.height() * sy,
            )  # fmt: skip
            painter.setOpacity(1.0 - share)
            painter.drawPixmap(outer, self._outer, QRectF(self._outer.rect()))
            painter.setOpacity(share)
            painter.drawPixmap(at, self._inner, QRectF(self._inner.rect()))
        finally:
            painter.end()


def _between(a: QRectF, b: QRectF, share: float) -> QRectF:
    def mix(u: float, v: float) -> float:
        return u + (v - u) * share

    return QRectF(
        mix(a.x(), b.x()), mix(a.y(), b.y()), mix(a.width(), b.width()), mix(a.height(), b.height())
    )


def _scaled(place: QRectF, sx: float, sy: float) -> QRectF:
    return QRectF(place.x() * sx, place.y() * sy, place.width() * sx, place.height() * sy)


def _middle(whole: QRectF) -> QRectF:
    return QRectF(
        whole.center().x() - whole.width() / 10, whole.center().y() - whole.height() / 10,
        whole.width() / 5, whole.height() / 5,
    )  # fmt: skip
