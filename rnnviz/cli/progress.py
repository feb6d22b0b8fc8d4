"""A progress bar on stderr: redrawn on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

from rnnviz.cli.streams import can_take, let_go

WIDTH = 28
"""Columns of the bar where the terminal has room for it; else it takes what is left, or goes."""
REDRAW_SECONDS = 0.1
PLAIN_LINES = 10


class Progress:
    """Counts ``total`` steps; ``show`` is cheap enough to be called after every one.

    A stream that is closed, full or no longer read stops the bar and never the work.
    """

    def __init__(self, total: int, what: str, stream: TextIO | None = None) -> None:
        self._total = max(total, 1)
        self._what = what
        # Python has no standard error where it was closed before the program started.
        self._stream: TextIO | None = sys.stderr if stream is None else stream
        # A dumb terminal cannot clear the rest of a line.
        self._is_terminal = (
            self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        )
        self._filled, self._empty = "█░" if can_take("█░", self._stream) else "#."
        self._next_redraw = 0.0
        self._next_line = self._total / PLAIN_LINES
        self._drawn = False

    def show(self, done: int, loss: float | None = None) -> None:
        """Say that ``done`` steps are done and, where there is one, the smoothed loss in nats.

        It is called a mean: the loss of the last iteration, told at the end, is another number.
        """
        beside = "" if loss is None else f"  mean loss {loss:.4g}"
        if self._is_terminal:
            now = time.monotonic()
            if now < self._next_redraw and done < self._total:
                return
            self._drawn = True
            self._next_redraw = now + REDRAW_SECONDS
            self._write(f"\r{self._line(done, beside)}\x1b[K")
        elif done >= self._next_line:
            while self._next_line <= done:
                self._next_line += self._total / PLAIN_LINES
            self._write(f"{self._what} {done}/{self._total}{beside}\n")

    def _line(self, done: int, beside: str) -> str:
        """What fits into the terminal: a line that wraps could not be drawn over."""
        columns = _columns(self._stream)
        count = f"{done}/{self._total}{beside}"
        room = columns - len(self._what) - len(count) - 3
        width = min(WIDTH, room)
        if width < 3:
            words = count if room < -1 else f"{self._what} {count}"
            return words[: columns - 1]
        filled = round(width * min(done / self._total, 1.0))
        bar = self._filled * filled + self._empty * (width - filled)
        return f"{self._what} {bar} {count}"

    def close(self) -> None:
        """Leave the bar as it stands and go to the next line."""
        if self._drawn:
            self._write("\n")
            self._drawn = False

    def _write(self, text: str) -> None:
        stream = self._stream
        if stream is None:
            return
        try:
            stream.write(text)
            stream.flush()
        except OSError:
            if stream is sys.stderr:
                let_go(2)
            self._stream = None


def _columns(stream: TextIO | None) -> int:
    """Width of the terminal in characters; 80 where it does not say."""
    try:
        return (os.get_terminal_size(stream.fileno()).columns if stream else 0) or 80
    except (OSError, ValueError):
        return 80
