"""A line of text that ends in an ellipsis where there is no room for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from rnnviz.views.plain_tip import plain_tip


class ElidedLabel(QLabel):
    """Takes what room there is and asks for none; the tip has what found no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._tip = ""
        self._shorter: tuple[str, ...] = ()
        self.setObjectName("muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """The whole line, however much of it finds room."""
        return self._words

    def say(self, words: str, tip: str = "", short: str | Sequence[str] = ()) -> None:
        """Show another line; `short` are fewer words to show where there is no room for all, or
        fewer and fewer of them."""
        self._words = words
        self._shorter = ((short,) if short else ()) if isinstance(short, str) else tuple(short)
        self._tip = tip
        self.setAccessibleDescription(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        mode, room = Qt.TextElideMode.ElideRight, self.contentsRect().width()
        metrics, forms = self.fontMetrics(), (self._words, *self._shorter)
        fitting = (form for form in forms if metrics.horizontalAdvance(form) <= room)
        shown = metrics.elidedText(next(fitting, forms[-1]), mode, room)
        self.setText(shown)
        self.setToolTip(plain_tip(self._tip or (self._words if shown != self._words else "")))
