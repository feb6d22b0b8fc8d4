"""Does the Qt platform that is asked for start? Qt aborts the process where it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from rnnviz.resources import equation_font
from rnnviz.trace.errors import UserError
from rnnviz.trace.suggestion import did_you_mean

_COMMON = ("xcb", "wayland", "offscreen", "windows", "cocoa")
"""What Qt uses by itself, and what this program uses without a display; other checks know these."""
_TRIAL = """\
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
from PySide6.QtGui import QFont, QGuiApplication, QRawFont
app = QGuiApplication(["rnnviz"])
font = QRawFont(sys.argv[1], 10.0, QFont.HintingPreference.PreferNoHinting)
sys.exit(app.primaryScreen() is None or not font.isValid())
"""
"""Some platforms start, but have no screen, or take no font from a file, as equations need it."""
_PATIENCE_SECONDS = 30.0


def plugins() -> dict[str, Path]:
    """The platform plugins in PySide6's wheel by name; empty where it came another way."""
    spec = find_spec("PySide6")
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    found = [
        path for folder in folders for path in Path(folder, "Qt/plugins/platforms").glob("libq*.so")
    ]
    return {path.stem.removeprefix("libq"): path for path in found}


def starts(asked: str) -> bool:
    """Whether Qt comes up on that platform, tried in a process of its own."""
    environ = {**os.environ, "QT_QPA_PLATFORM": asked}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _TRIAL, str(equation_font())],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def check_platform(platform: str, environ: Mapping[str, str] = os.environ) -> None:
    """Call before the application is made.

    Args:
        platform: the plugin that Qt will load, or several with semicolons between them, of which
            it takes the first that starts.

    Raises:
        UserError: if Qt cannot start on it.
    """
    known = plugins()
    if platform in _COMMON and (platform in known or not sys.platform.startswith("linux")):
        return
    if starts(platform):
        return
    if not environ.get("QT_QPA_PLATFORM"):
        raise UserError(
            f"Qt's plugin for the platform {platform!r} is missing or does not load; reinstall it "
            "with: pip install --force-reinstall PySide6-Essentials"
        )
    name = platform.partition(":")[0]
    if name in known or ";" in name:
        problem = f"cannot start on {platform!r} here"
    else:
        problem = f"has no platform {name!r}{did_you_mean(name, known)}"
    raise UserError(f"Qt {problem}: correct or unset QT_QPA_PLATFORM")
