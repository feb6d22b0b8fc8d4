"""Lines on standard error, beside the result; where nobody can be told, nothing is said."""

from __future__ import annotations

import sys

from rnnviz.cli.streams import let_go


def remark(line: str) -> None:
    """Say ``line`` on standard error, if there is one and it takes it."""
    if sys.stderr is not None:  # closed before the program started
        try:
            print(line, file=sys.stderr, flush=True)
        except OSError:
            let_go(2)
