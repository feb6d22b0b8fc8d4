"""Standard streams that take nothing any more, or not every character."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def let_go(stream: int) -> None:
    """Send what still waits for stream 1 or 2 nowhere: Python would complain once more, and
    leave with an exit code of its own (120), when it fails to write that while closing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream)
    os.close(nowhere)


def take_any_character() -> None:
    """Let standard output spell out what its encoding lacks (``\\u2026``), as stderr does."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def can_take(text: str, stream: TextIO | None) -> bool:
    """Whether every character of ``text`` can be written to the stream as it is."""
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True
