"""Qt without a screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_PLATFORM = "QT_QPA_PLATFORM"


@contextmanager
def offscreen() -> Iterator[None]:
    """In here Qt draws into memory, unless the user has chosen a platform; also a decorator.

    Left in the environment, it would look like the user's choice to whatever comes later in the
    same process: a window would open that nobody sees or can close.
    """
    if os.environ.get(_PLATFORM):
        yield
        return
    os.environ[_PLATFORM] = "offscreen"
    try:
        yield
    finally:
        del os.environ[_PLATFORM]
