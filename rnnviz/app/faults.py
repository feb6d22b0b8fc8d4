"""A fault of the program's own is said in the window and on stderr; the session goes on."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from time import monotonic
from types import TracebackType

from rnnviz.scene.plain_line import plain_line

_PAUSE_SECONDS = 2.0
"""After so long the same fault is one that somebody has come upon again."""


class FaultReporter:
    """Takes the place of `sys.excepthook` while a window is open.

    What was on the table stays there: a fault while painting or in a handler is no reason to
    lose a trained network. The same fault, frame after frame, is reported once; met again after a
    pause it is told again, for whoever closed the message.
    """

    def __init__(self, say: Callable[[str], None], now: Callable[[], float] = monotonic) -> None:
        """`now` in seconds."""
        self._say = say
        self._now = now
        self._at = -_PAUSE_SECONDS
        self._before = sys.excepthook
        self._last = ""
        sys.excepthook = self._report

    def stop(self) -> None:
        """Give the hook back."""
        if sys.excepthook == self._report:
            sys.excepthook = self._before

    def _report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        before, self._at = self._at, self._now()
        if text == self._last and self._at - before < _PAUSE_SECONDS:
            return
        self._last = text
        sys.stderr.write(text)
        self._say(
            "Something went wrong inside the program. The run is safe: save it if it matters, and "
            "report this with the text printed in the terminal. "
            f"({kind.__name__}: {plain_line(str(error))})"
        )
