"""Can Qt run here? Asked before Qt is imported, answered in one sentence. Imports no Qt itself.

Qt's own message for a missing library is an abort or a misleading hint, so the libraries that its
wheels expect from the system are tried one by one first.
"""

import argparse
import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec

from rnnviz.app.display_check import check_display
from rnnviz.app.platform_check import check_platform
from rnnviz.trace.errors import UserError

# Shared library -> Debian package, read off Qt 6.11's libraries and platform plugins.
_BASE = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
_PLATFORMS: dict[str, dict[str, str]] = {"xcb": _XCB, "wayland": _WAYLAND}


def has_display(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> bool:
    """Whether a window can be shown: on Linux, whether an X or Wayland display is named."""
    if not system.startswith("linux"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def qt_platform(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> str:
    """The Qt platform plugin that will be loaded: what the user asked for, else what is there."""
    asked = environ.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    if asked:
        return asked
    if not has_display(environ, system):
        return "offscreen"
    return "xcb" if environ.get("DISPLAY") else "wayland"


def loads(library: str) -> bool:
    """Whether the dynamic linker finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(platform: str, system: str = sys.platform) -> dict[str, str]:
    """Shared libraries that Qt needs for this plugin and are not here, with their packages."""
    if not system.startswith("linux"):
        return {}
    needed = _BASE | _PLATFORMS.get(platform, {})
    return {library: package for library, package in needed.items() if not loads(library)}


def install_hint(missing: Mapping[str, str], *, has_apt: bool, is_root: bool) -> str:
    """One sentence that names the missing libraries and how to install them."""
    which = "a system library" if len(missing) == 1 else "system libraries"
    sentence = f"Qt needs {which} not found here: {', '.join(missing)}"
    if not has_apt:
        return f"{sentence}; install them with this system's package manager"
    packages = " ".join(dict.fromkeys(missing.values()))
    return f"{sentence}; install with: {'' if is_root else 'sudo '}apt install {packages}"


def check_qt(platform: str | None = None) -> None:
    """Call before any other import of Qt. Raises UserError if Qt cannot run here."""
    check_packages()
    asked = platform or os.environ.get("QT_QPA_PLATFORM") or qt_platform()
    if ";" in asked:  # Qt takes the first that starts
        check_libraries("offscreen")
    else:
        check_libraries(platform)
        check_display(platform or qt_platform())
    check_platform(asked)
    check_bindings()


def check_packages() -> None:
    """Raises UserError if Qt itself is not installed."""
    if find_spec("PySide6") is None:
        raise UserError(
            "the window needs PySide6, which is not installed here; "
            "install it with: pip install PySide6-Essentials"
        )


def check_libraries(platform: str | None = None) -> None:
    """Call before Qt is imported. Raises UserError if a system library is missing."""
    missing = missing_libraries(platform or qt_platform())
    if missing:
        has_apt = shutil.which("apt") is not None
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        raise UserError(install_hint(missing, has_apt=has_apt, is_root=is_root))


def check_bindings() -> None:
    """Call once, before any window: imports QtCore and counts references.

    PySide6 6.12.0 takes one reference too many from None at nearly every call on CPython 3.11,
    until the process dies. From 3.12 None is immortal and there is nothing to count.
    Raises UserError if references are lost.
    """
    if sys.version_info >= (3, 12):
        return
    import PySide6
    from PySide6.QtCore import QObject

    probe = QObject()
    if references_lost(lambda: probe.setObjectName("")) > 0:
        raise UserError(
            f"PySide6 {PySide6.__version__} crashes on Python 3.11; install an older one with: "
            'pip install "PySide6-Essentials<6.12", or use Python 3.12 or newer'
        )


def references_lost(call: Callable[[], object], times: int = 200) -> int:
    """How many references to None disappear in so many calls, but for a few that come and go."""
    before = sys.getrefcount(None)
    for _ in range(times):
        call()
    lost = before - sys.getrefcount(None)
    return lost if lost > times // 2 else 0


def main(arguments: Iterable[str] | None = None) -> int:
    """``python -m rnnviz.app.system_check``: silent and 0, or one sentence and 2."""
    parser = argparse.ArgumentParser(description="Check that Qt can run here.")
    parser.add_argument("--platform", help="Qt platform plugin (default: the one Qt would use)")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        check_qt(options.platform)
    except UserError as error:
        print(f"rnnviz: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
