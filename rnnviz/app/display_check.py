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
    which = f"the display {named!r} does not answer" if named else "there is no display"
    raise UserError(
        f"{which}: correct or unset {variable}, "
        "or set QT_QPA_PLATFORM=offscreen to do without a window"
    )
