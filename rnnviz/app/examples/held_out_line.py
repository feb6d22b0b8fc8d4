"""The held-out score beside the heading of the training curve."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from rnnviz.app.elided_label import ElidedLabel
from rnnviz.app.examples.words import Scored, score_tip, score_words, shorter_scores

NOTHING = "not scored yet (E)"
_SHORTER = ("not scored yet", "not scored")
_TIP = (
    "Scores the model on data that it is not trained on, or on its training data where a task has "
    "no other: press E"
)


class HeldOutLine(ElidedLabel):
    """One line; the tip says what the figures mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("held-out score")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_score(self, scored: Scored) -> None:
        self.say(score_words(scored), score_tip(scored), shorter_scores(scored))

    def show_nothing(self) -> None:
        """Nothing has been scored yet, or not so early."""
        self.say(NOTHING, _TIP, _SHORTER)
