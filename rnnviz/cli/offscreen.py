"""Qt without a screen, and without its remark that a window that nobody sees has no size hints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_REMARK = "propagateSizeHints"


def use_offscreen() -> None:
    """Let Qt draw into memory, unless the user has chosen a platform."""
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


@contextmanager
def quiet_window() -> Iterator[None]:
    """Leave that one remark out; every other message of Qt goes where it went."""
    from PySide6.QtCore import qInstallMessageHandler

    def pass_on(kind: Any, context: Any, message: str) -> None:
        if _REMARK in message:
            return
        if before is not None:
            before(kind, context, message)
        else:
            print(message, file=sys.stderr)

    before = qInstallMessageHandler(pass_on)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
