"""What size of everything the screens have room for: a projector has fewer pixels than a desk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence

from PySide6.QtGui import QGuiApplication, QScreen

from rnnviz.app.command_choices import SCALES

_LEAST = (840.0, 440.0)
"""Width and height that the window needs at 100 %, logical pixels: less, and it is cut off."""
_PATIENCE = 10.0
"""Seconds in which the screens are known, or will not be."""
_SCALE = "QT_SCALE_FACTOR"

Room = tuple[float, float]
"""Width and height of a screen's usable part at 100 %, logical pixels."""


def fitting_percent(asked: int, rooms: Sequence[Room]) -> int:
    """The size that was asked for, or the largest below it at which the window is whole on some
    screen; where nothing is known of the screens, what was asked for."""
    if not rooms:
        return asked
    sizes = [asked, *(scale for scale in reversed(SCALES) if scale < asked)]
    return next((size for size in sizes if any(_holds(room, size) for room in rooms)), SCALES[0])


def _holds(room: Room, percent: int) -> bool:
    return all(have * 100.0 / percent >= least for have, least in zip(room, _LEAST, strict=True))


def rooms_now() -> list[Room]:
    """The screens of the running application."""
    try:
        factor = float(os.environ.get(_SCALE, "1"))
    except ValueError:
        factor = 1.0
    return _rooms(QGuiApplication.screens(), factor)


def set_scale(asked: int) -> None:
    """Have the application that is made next show everything in that size, as far as it fits.

    Qt reads the size once, when the application is made, and only an application knows the
    screens: another process asks for them first. Who has set Qt's size by hand knows better.
    """
    if asked == SCALES[0] or _SCALE in os.environ:
        return
    os.environ[_SCALE] = str(fitting_percent(asked, _asked_rooms()) / 100)


def _asked_rooms() -> list[Room]:
    """The screens as another process sees them: an application that ends takes every object of Qt
    in its process along, the settings too."""
    asking = [sys.executable, "-c", f"from {__name__} import tell_rooms; tell_rooms()"]
    try:
        told = subprocess.run(asking, capture_output=True, timeout=_PATIENCE, check=True).stdout
        return [(float(width), float(height)) for width, height in json.loads(told)]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []


def tell_rooms() -> None:
    """Write the screens to stdout, as JSON."""
    application = QGuiApplication(["rnnviz"])
    sys.stdout.write(json.dumps(_rooms(application.screens(), 1.0)))


def _rooms(screens: Iterable[QScreen], factor: float) -> list[Room]:
    if QGuiApplication.platformName() == "offscreen":
        return []  # Nobody looks at it.
    found = [screen.availableSize() for screen in screens]
    return [(size.width() * factor, size.height() * factor) for size in found]


def size_words(asked: int, shown: int) -> str:
    """What is said when a size is chosen, also of one for which there is no room."""
    said = f"From the next start on everything is shown at {shown} %"
    if shown == asked:
        return f"{said}."
    return (
        f"{said}: this screen has no room for the window at {asked} %. "
        "F8 shows the picture alone, with larger letters."
    )
