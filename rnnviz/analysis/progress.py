"""How a long computation tells that it is alive, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], bool]
"""Called with (done, total) now and then; returning False cancels."""


class Cancelled(Exception):
    """The progress callback returned False; nothing of the result is kept."""


def report(progress: Progress | None, done: int, total: int) -> None:
    """Tell ``progress``, if there is one.

    Raises:
        Cancelled: if it returned False.
    """
    if progress is not None and not progress(done, total):
        raise Cancelled
