"""Does the display that is named answer? Qt aborts the process where it does not."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping

from rnnviz.trace.errors import UserError

# Qt platform plugin -> library that comes with it, its call to connect and the one to leave,
# and the variable that names the display.
_CLIENTS = {
    "xcb": ("libX11.so.6", "XOpenDisplay", "XCloseDisplay", "DISPLAY"),
    "wayland": (
        "libwayland-client.so.0",
        "wl_display_connect",
        "wl_display_disconnect",
        "WAYLAND_DISPLAY",
    ),
}
# Where none of them is set, whatever can be done without a window is.
_NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def answers(platform: str) -> bool:
    """Whether a connection to the display can be made; True where that cannot be asked."""
    if platform not in _CLIENTS:
        return True
    library, connect, leave, _ = _CLIENTS[platform]
    try:
        client = ctypes.CDLL(library)
    except OSError:
        return True
    getattr(client, connect).argtypes = [ctypes.c_char_p]
    getattr(client, connect).restype = ctypes.c_void_p
    getattr(client, leave).argtypes = [ctypes.c_void_p]
    connection = getattr(client, connect)(None)
    if connection:
        getattr(client, leave)(connection)
    return bool(connection)


def check_display(platform: str, environ: Mapping[str, str] = os.environ) -> None:
    """Call before a window is opened.

    Raises:
        UserError: if the display of that Qt platform plugin cannot be reached.
    """
    if answers(platform):
        return
    variable = _CLIENTS[platform][3]
    named = environ.get(variable)
    problem = (
        f"the display {named!r} does not answer: correct {variable}"
        if named
        else f"there is no display: set {variable}"
    )
    given = [name for name in _NAMES if environ.get(name)]
    without = f", or unset {' and '.join(given)} to do without a window" if given else ""
    raise UserError(f"{problem}{without}")
