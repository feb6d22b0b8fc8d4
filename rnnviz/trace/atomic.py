"""Saving without ever losing the old file: write beside it, flush, then swap."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from rnnviz.trace.errors import UserError

STALE_SECONDS = 3600.0
"""Half-written files of a killed process are removed by the next save once they are this old."""

_SCRAP = ".part"

_SCRAP_NAME = 50
"""Characters of the final name in that of the temporary file; one may take four bytes."""


def write_atomically(path: str | os.PathLike[str], write: Callable[[IO[bytes]], None]) -> None:
    """Let ``write`` fill a temporary file in the folder of ``path``, then put it in place.

    A reader, or a machine that loses power half-way, sees the old file or the new one, never
    a mixture. A symbolic link keeps pointing where it pointed; its target is replaced.

    Raises:
        UserError: if the folder is missing, not writable or full; the old file is then intact.
    """
    shown = os.fspath(path)
    target = _behind_links(shown)
    mode = _mode_of(target, shown)
    _remove_stale(target)
    descriptor, name = _open_beside(target, shown)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError):
            raise _cannot_save(shown, target, error) from None
        raise
    _flush_folder(target.parent)


def check_place(path: str | os.PathLike[str]) -> None:
    """Whether `write_atomically` could save there now, tried without leaving anything behind.

    A folder may look as if it took files and take none: /proc, a full quota, a network share.

    Raises:
        UserError: if not. An old file is not touched.
    """
    shown = os.fspath(path)
    target = _behind_links(shown)
    _mode_of(target, shown)
    descriptor, name = _open_beside(target, shown)
    os.close(descriptor)
    os.unlink(name)


def _behind_links(shown: str) -> Path:
    try:
        return Path(os.path.realpath(shown))
    except FileNotFoundError:
        # A relative name begins in the working folder, which somebody has removed.
        raise UserError(
            f"cannot save {shown!r}: the folder that this runs in does not exist any more; "
            "choose another place"
        ) from None


def _open_beside(target: Path, shown: str) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(prefix=_scrap(target), suffix=_SCRAP, dir=target.parent)
    except OSError as error:
        raise _cannot_save(shown, target, error) from None


def _scrap(target: Path) -> str:
    """How the name of its temporary file begins: a name may have 255 bytes, and the whole of a
    long one would leave no room for the rest."""
    return f".{target.name[:_SCRAP_NAME]}."


def _mode_of(target: Path, shown: str) -> int:
    """The permissions the new file gets: those of the old one, else the usual ones."""
    try:
        status = os.stat(target)
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
    if not stat.S_ISREG(status.st_mode):
        # Replacing a device or a pipe would delete it for everybody.
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise UserError(f"cannot save {shown!r}: it is {what}; choose another name")
    return stat.S_IMODE(status.st_mode)


def _remove_stale(target: Path) -> None:
    with contextlib.suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if entry.name.startswith(_scrap(target)) and entry.name.endswith(_SCRAP):
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat().st_mtime > STALE_SECONDS:
                        os.unlink(entry.path)


def _flush_folder(folder: Path) -> None:
    # Not every platform lets a folder be opened; the swap has happened all the same.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _cannot_save(shown: str, target: Path, error: OSError) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        cause = "there is no room left; free some space or choose another place"
    elif isinstance(error, FileNotFoundError) and os.path.isdir(target.parent):
        cause = "its folder takes no files; choose another place"
    elif isinstance(error, FileNotFoundError):
        cause = "its folder does not exist; create it or choose another place"
    elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
        cause = "this folder may not be written to; choose another place"
    else:
        cause = f"{error.strerror or error}; choose another place"
    return UserError(f"cannot save {shown!r}: {cause}")
