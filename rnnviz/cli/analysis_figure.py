"""The picture of an analysis: the laboratory's figure, drawn without a window."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnviz.cli.interrupts import collected_interrupts, interrupted_after
from rnnviz.cli.offscreen import offscreen
from rnnviz.trace.errors import UserError

if TYPE_CHECKING:
    from rnnviz.analysis.progress import Progress
    from rnnviz.app.lab.own_figures import Subject
    from rnnviz.scene.shapes import Picture


PNG_SCALE = 2.0
"""Pixels of a PNG for each logical one, where nothing else is asked for."""


def check_look(look: Mapping[str, Any]) -> None:
    """Whether a figure can look like that.

    Raises:
        UserError: if not.
    """
    width, scale = look["width"], look["scale"]
    if width is not None and not 240 <= width <= 4096:
        raise UserError(f"--width is {width}; use 240 to 4096 pixels")
    if scale is not None and not 0.25 <= scale <= 8:
        raise UserError(f"--scale is {scale}; use a number from 0.25 to 8")


def draw_figure(
    what: str,
    subject: Subject,
    options: Mapping[str, Any],
    look: Mapping[str, Any],
    path: Path,
) -> tuple[int, int]:
    """Write the figure; returns its size in logical pixels.

    Raises:
        UserError: if it cannot be drawn of this pass or not be written.
        KeyboardInterrupt: upon Ctrl-C; no file is left.
    """
    from rnnviz.analysis import Cancelled
    from rnnviz.export.render import write_picture

    with collected_interrupts() as stop:
        try:
            picture = figure(what, subject, options, look, lambda done, total: not stop)
        except Cancelled:
            raise KeyboardInterrupt from None
    with interrupted_after():
        write_picture(picture, path, look["scale"] or PNG_SCALE)
    return round(picture.width), round(picture.height)


@offscreen()
def figure(
    what: str,
    subject: Subject,
    options: Mapping[str, Any],
    look: Mapping[str, Any],
    progress: Progress,
) -> Picture:
    """The figure as a picture.

    Raises:
        UserError: if it cannot be drawn of this pass.
        Cancelled: if ``progress`` says so.
    """
    from rnnviz.app.system_check import check_qt

    check_qt()
    from rnnviz.app.lab.figure_export import figure_picture
    from rnnviz.scene.theme import theme
    from rnnviz.views.application import application

    application()
    colors, width = theme(look["theme"] or "light"), float(look["width"] or 640)
    return figure_picture(what, subject, options, colors, width, progress)
