"""How many of a thing there are, in words: one step, three steps."""

from __future__ import annotations


def many(count: int, one: str, more: str = "") -> str:
    """``1 step``, ``3 steps``; ``more`` is the word for several where it has no s."""
    return f"{count} {one if count == 1 else more or one + 's'}"
