"""Any view of a pass as PNG, SVG or PDF, from the paint code of the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QPainter

from rnnviz.export.drawing import Drawing, write_drawing
from rnnviz.export.framing import Framing
from rnnviz.export.pictures import view_picture
from rnnviz.export.view_names import VIEWS
from rnnviz.scene.curve_history import HistoryView
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import ThemeName
from rnnviz.trace import Trace
from rnnviz.views.application import application
from rnnviz.views.painter import Painter

__all__ = ["VIEWS", "render", "write_picture"]


def render(
    trace: Trace,
    view: str,
    path: Path,
    *,
    step: int | None = None,
    theme: ThemeName = "light",
    size: tuple[int, int] | None = None,
    history: HistoryView | None = None,
    scale: float = 1.0,
    product: str = "",
    row: int = 0,
    framing: Framing | None = None,
) -> Picture:
    """Draw one view of a pass into a file; its ending (.png, .svg, .pdf) says how.

    `step` counts from 1 as on screen, `row` of the batch from 0; `size` is in logical pixels
    (None: what the view needs), `scale` is the number of PNG pixels for each. Returns the picture.
    Makes a QApplication if there is none.

    Raises:
        UserError: if the view, the step or the ending is unknown, or the file cannot be written.
    """
    application()
    picture = view_picture(
        view, trace, size, step=step, theme_name=theme, history=history, product=product,
        row=row, framing=framing,
    )  # fmt: skip
    write_picture(picture, path, scale)
    return picture


def write_picture(picture: Picture, path: Path, scale: float = 1.0) -> None:
    """Write a picture; an old file is replaced only by a complete one.

    Raises:
        UserError: if the ending is unknown or the file cannot be written.
    """

    def paint(painter: QPainter) -> None:
        Painter().paint(picture, painter)

    drawing = Drawing(round(picture.width), round(picture.height), paint, picture.summary)
    write_drawing(drawing, path, scale)
