"""Opening files that a user names: regular files of a sensible size, and nothing that waits."""

from __future__ import annotations

import os
import stat
from typing import IO

from rnnviz.trace.errors import UserError
from rnnviz.trace.sizes import over_the_limit


def open_file(path: str | os.PathLike[str], limit_bytes: int) -> IO[bytes]:
    """Open for reading.

    Raises:
        UserError: if it is missing, unreadable, too large, or a folder, pipe or device.
    """
    shown = os.fspath(path)
    try:
        status = os.stat(shown)
        # Opening a pipe or a terminal would wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"cannot open {shown!r}: it is not a file")
        if status.st_size > limit_bytes:
            said = over_the_limit(status.st_size, limit_bytes)
            raise UserError(f"cannot open {shown!r}: it {said}")
        return open(shown, "rb")
    except FileNotFoundError:
        raise UserError(f"cannot open {shown!r}: there is no such file") from None
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise UserError(f"cannot open {shown!r}: {cause}") from None
