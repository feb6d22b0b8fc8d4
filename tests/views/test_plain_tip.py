"""What a tip says is what stands in the data."""

import pytest
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QApplication

from rnnviz.views.plain_tip import plain_tip


@pytest.mark.parametrize(
    "words",
    ["reads “<b>” · should say “</b>”\nx[3] = 1", "a &lt; b", "<i>.txt", "x < 3 & y > 2", ""],
)
def test_words_that_look_like_markup_are_shown_letter_by_letter(
    qapp: QApplication, words: str
) -> None:
    document = QTextDocument()
    tip = plain_tip(words)
    # As Qt's own tips do.
    if Qt.mightBeRichText(tip):
        document.setHtml(tip)
    else:
        document.setPlainText(tip)
    assert document.toPlainText() == words


def test_other_words_are_left_as_they_are(qapp: QApplication) -> None:
    assert plain_tip("h₃ = 0.5\nreads “e”") == "h₃ = 0.5\nreads “e”"
