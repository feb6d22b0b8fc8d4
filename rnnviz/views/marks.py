"""What every view of a picture shows beside it: the tip of a place, and the frame of the focus."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from rnnviz.scene.shapes import Hit
from rnnviz.views.plain_tip import plain_tip


def answer_with_tip(event: QHelpEvent, hit: Hit | None, widget: QWidget) -> None:
    """Show the tip of the place under the mouse, or take away what is shown."""
    if hit is not None and hit.tip:
        QToolTip.showText(event.globalPos(), plain_tip(hit.tip), widget)
    else:
        QToolTip.hideText()
        event.ignore()


def frame_focus(painter: QPainter, rect: QRect, widget: QWidget) -> None:
    """Mark the widget that keys go to; ``rect`` is in the painter's pixels."""
    painter.setPen(QPen(widget.palette().highlight(), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(1, 1, -1, -1))
