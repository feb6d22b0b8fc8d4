"""The held-out score beside the heading of the training curve."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from rnnviz.app.examples.words import score_tip, score_words
from rnnviz.session.events import Evaluated

NOTHING = "held-out: not scored yet (E)"


class HeldOutLine(QLabel):
    """One line that gives way where there is no room; the tip says what the figures mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setObjectName("muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName("held-out score")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_score(self, evaluated: Evaluated) -> None:
        self._say(
            score_words(evaluated.score, evaluated.iteration),
            score_tip(evaluated.score, evaluated.iteration),
        )

    def show_nothing(self) -> None:
        """Nothing has been scored yet."""
        self._say(NOTHING, "Scores the model on data that it is not trained on: press E")

    @property
    def words(self) -> str:
        """The whole line, however much of it finds room."""
        return self._words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say(self, words: str, tip: str) -> None:
        self._words = words
        self.setToolTip(tip)
        self.setAccessibleDescription(words)
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))
