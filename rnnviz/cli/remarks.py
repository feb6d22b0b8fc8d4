"""Lines on standard error, beside the result; where nobody can be told, nothing is said."""

from __future__ import annotations

import contextlib
import sys


def remark(line: str) -> None:
    """Say ``line`` on standard error, if there is one and it takes it."""
    if sys.stderr is not None:  # closed before the program started
        with contextlib.suppress(OSError):
            print(line, file=sys.stderr, flush=True)
