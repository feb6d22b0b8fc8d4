"""The one QApplication of the process, made when first needed and kept."""

from __future__ import annotations

import atexit
import os
import sys
from typing import Any

from PySide6.QtCore import QLoggingCategory, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from rnnviz.trace.errors import UserError

_REMARK = "propagateSizeHints"
_UNSAID = "qt.text.font.db=false"
"""Of every font that cannot shape the letters of a text Qt says so, and draws them with another."""
_kept: list[QApplication] = []


def application() -> QApplication:
    """The application there is, or a new one.

    Raises:
        UserError: if there is one that shows no widgets.

    Pictures need no widgets, yet a bare QGuiApplication would stand in the way of every window
    that the same process opens later; so there is only this kind.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if existing is not None:
        raise UserError(
            f"this process has a {type(existing).__name__}, which shows no windows; "
            "make a QApplication instead"
        )
    _speak_utf8()
    QLoggingCategory.setFilterRules(_UNSAID)
    made = QApplication([sys.argv[0] if sys.argv else "rnnviz"])
    made.setApplicationName("rnnviz")
    made.setApplicationDisplayName("rnnviz")
    # Without a reference from here it would end with its first caller.
    _kept.append(made)
    if made.platformName() == "offscreen":
        _leave_out_remark()
    return made


def is_own(app: QApplication) -> bool:
    """Whether it was made here, and not by a script that had one already."""
    return app in _kept


def _speak_utf8() -> None:
    """Name the locale that Qt would switch to by itself, and with four lines on stderr."""
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    named = next((os.environ[name] for name in names if os.environ.get(name)), "C")
    if sys.platform.startswith("linux") and named in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"


def _leave_out_remark() -> None:
    """Offscreen, Qt says of every window that it has nobody to tell its size hints to; who asked
    for a picture need not read that. Every other message goes where it went."""

    def pass_on(kind: Any, context: Any, message: str) -> None:
        if _REMARK in message:
            return
        if before is not None:
            before(kind, context, message)
        else:
            sys.stderr.write(message + "\n")

    before = qInstallMessageHandler(pass_on)
    # Qt may speak after the interpreter has ended.
    atexit.register(qInstallMessageHandler, before)
