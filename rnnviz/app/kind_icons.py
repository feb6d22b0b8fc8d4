"""The five little diagrams of the sequence kinds, as in the first figure of every RNN lecture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from rnnviz.scene.theme import Theme
from rnnviz.trace.spec import SequenceKind

WIDTH, HEIGHT = 36, 23
_CELL, _GAP = 5.5, 2.2

COLUMNS: dict[SequenceKind, tuple[str, ...]] = {
    "one-to-one": ("xhy",),
    "one-to-many": ("xhy", "hy", "hy"),
    "many-to-one": ("xh", "xh", "xhy"),
    "many-to-many": ("xh", "xh", "hy", "hy"),
    "aligned": ("xhy", "xhy", "xhy"),
}
"""Per time step, which of input (x), hidden state (h) and output (y) stand there."""

WORDS: dict[SequenceKind, tuple[str, str]] = {
    "one-to-one": (
        "one → one",
        "No recurrence: one input, one output, such as an image and its class",
    ),
    "one-to-many": ("one → many", "One input, a sequence out: captioning a picture"),
    "many-to-one": ("many → one", "A sequence in, one output: the sentiment of a sentence"),
    "many-to-many": ("many → many", "A sequence in, then a sequence out: translation"),
    "aligned": ("aligned", "An output at every step: characters, or the frames of a video"),
}


def kind_icon(
    kind: SequenceKind, theme: Theme, ratio: float = 2.0, *, centred: bool = False
) -> QIcon:
    """Columns of small squares: input below, hidden in the middle, output on top.

    Before words they begin at the left edge; alone on a button they stand in its middle.
    """
    pixmap = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    colors = {"x": theme.input, "h": theme.hidden, "y": theme.output}
    taken = len(COLUMNS[kind]) * (_CELL + _GAP) - _GAP
    left = (WIDTH - taken) / 2 if centred else 2.0
    rows = {"y": 0, "h": 1, "x": 2}
    for column, parts in enumerate(COLUMNS[kind]):
        for part in parts:
            painter.setBrush(QColor.fromRgba(colors[part]))
            x = left + column * (_CELL + _GAP)
            y = rows[part] * (_CELL + _GAP) + 1
            painter.drawRoundedRect(QRectF(x, y, _CELL, _CELL), 1.5, 1.5)
    painter.end()
    return QIcon(pixmap)
