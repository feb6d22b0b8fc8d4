"""What a message says, in the one line that there is room for."""

from __future__ import annotations

from collections.abc import Callable


def plain_line(message: str) -> str:
    """The last line that has words: an unexpected error ends with what went wrong.

    Messages to the user have one line anyway; of one line only the blanks around it go.
    """
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def longest_start(words: str, fits: Callable[[str], bool]) -> str:
    """The words, or as many of their letters as fit with an ellipsis behind them."""
    if fits(words):
        return words
    most, too_many = 0, len(words)
    while too_many - most > 1:
        middle = (most + too_many) // 2
        if fits(f"{words[:middle].rstrip()}…"):
            most = middle
        else:
            too_many = middle
    return f"{words[:most].rstrip()}…"
