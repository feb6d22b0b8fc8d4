"""Where sets of edits that were kept by name outlive the window: one small file of the user's, and
the run on the table, with which they are saved."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from rnnviz.app.lab.edit_history import Edits
from rnnviz.session.kept_sets import MOST_SETS, KeptSet, KeptSets, with_set, without_set
from rnnviz.session.run import Run
from rnnviz.trace import UserError
from rnnviz.trace.atomic import write_atomically
from rnnviz.trace.opening import open_file

MOST_BYTES = 1 << 20


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    sets: tuple[KeptSet, ...]


_FORMAT, _VERSION = "rnnviz kept edits", 1


class KeptShelf:
    """The sets in the file at ``path``; it is read before every change, for other windows write.

    ``run`` tells the run on the table, whose sets are offered as well and kept in it too.
    """

    def __init__(self, path: Path, run: Callable[[], Run | None] = lambda: None) -> None:
        self._path = path
        self._run = run
        self._known: tuple[tuple[int, int], tuple[KeptSet, ...]] | None = None

    def sets(self) -> KeptSets:
        """All that are kept, the oldest first: those in the file, then what the run brought along.

        Raises:
            UserError: if the file cannot be read or does not hold sets of edits.
        """
        run, found = self._run(), self._in_file()
        brought = () if run is None else run.kept_sets
        return (*found, *(each for each in brought if each not in found))

    def _in_file(self) -> KeptSets:
        try:
            status = self._path.stat()
            state = status.st_mtime_ns, status.st_size
            if self._known is not None and self._known[0] == state:
                return self._known[1]
            with open_file(self._path, MOST_BYTES) as file:
                found = msgspec.json.decode(file.read(), type=_File)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UserError(f"cannot read {str(self._path)!r}: {error.strerror or error}") from None
        except (msgspec.MsgspecError, UserError, ValueError, RecursionError) as error:
            raise UserError(f"{self._path} does not hold kept edits: {error}") from None
        if (found.format, found.version) != (_FORMAT, _VERSION):
            raise UserError(f"{self._path} was not written by this version of the program")
        self._known = state, found.sets[-MOST_SETS:]
        return self._known[1]

    def put(self, name: str, edits: Edits, instead_of: Edits | None = None) -> None:
        """Keep a set, in place of the one of that name that holds ``instead_of``.

        Raises:
            UserError: if the file cannot be written, or the set is too large for it.
        """
        new = KeptSet(name, edits)
        old = new if instead_of is None else KeptSet(name, instead_of)
        run = self._run()
        if run is not None:
            run.kept_sets = with_set(run.kept_sets, new, old)
        self._write(with_set(self._readable(), new, old))

    def drop(self, name: str, edits: Edits) -> None:
        """Keep a set no longer.

        Raises:
            UserError: if the file cannot be written.
        """
        gone, run = KeptSet(name, edits), self._run()
        if run is not None:
            run.kept_sets = without_set(run.kept_sets, gone)
        self._write(without_set(self._readable(), gone))

    def _readable(self) -> KeptSets:
        try:
            return self._in_file()
        except UserError:
            # What cannot be read may be mended by hand: it is put aside and not written over.
            self._put_aside()
            return ()

    def _put_aside(self) -> None:
        number, aside = 1, self._path.with_suffix(".unreadable")
        while os.path.exists(aside):
            number += 1
            aside = self._path.with_suffix(f".unreadable-{number}")
        try:
            self._path.replace(aside)
        except OSError as error:
            raise UserError(
                f"cannot write {str(self._path)!r}: {error.strerror or error}"
            ) from None

    def _write(self, sets: tuple[KeptSet, ...]) -> None:
        text = msgspec.json.format(msgspec.json.encode(_File(_FORMAT, _VERSION, sets)), indent=1)
        if len(text) > MOST_BYTES:
            raise UserError("kept edits take more than 1 MB together: forget some of them")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"cannot write {str(self._path.parent)!r}: {error.strerror or error}"
            ) from None

        def write(file: IO[bytes]) -> None:
            file.write(text)

        write_atomically(self._path, write)
