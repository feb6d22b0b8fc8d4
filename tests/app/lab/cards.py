"""What the tests do to a card of the laboratory and read on it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.app.lab.figure_card import FigureCard

LEFT = Qt.MouseButton.LeftButton


def click(card: FigureCard, node: str) -> None:
    """A real click in the middle of the first place of that name."""
    picture = card.view.picture
    assert picture is not None
    rect = next(hit.rect for hit in picture.hits if hit.node == node)
    x, y = rect.center
    QTest.mouseClick(card.view, LEFT, pos=QPoint(round(x), round(y)))


def texts(card: FigureCard) -> str:
    from rnnviz.scene.shapes import Label

    picture = card.view.picture
    assert picture is not None
    return " ".join(
        s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)
    )
