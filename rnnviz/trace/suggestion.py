"""The known word that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """`` (did you mean …?)`` with the nearest known word, or nothing; ``likeness`` is 0 to 1."""
    import difflib  # seldom needed, and slow to load

    close = difflib.get_close_matches(word, known, n=1, cutoff=likeness)
    return f" (did you mean {close[0]}?)" if close else ""
