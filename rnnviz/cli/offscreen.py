"""Qt without a screen."""

from __future__ import annotations

import os


def use_offscreen() -> None:
    """Let Qt draw into memory, unless the user has chosen a platform."""
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
