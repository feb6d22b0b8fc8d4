"""What a window had learned and nobody saved: kept as run files, and offered to the next window."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.session.data_identity import data_path
from rnnviz.session.rescue import save_somewhere
from rnnviz.trace import UserError
from rnnviz.trace.free_path import free_path

if TYPE_CHECKING:
    from rnnviz.app.settings import Settings
    from rnnviz.app.shell import Shell
    from rnnviz.app.training_desk import TrainingDesk
    from rnnviz.session.run import Run

MOST = 12
"""Run files that are kept; the oldest makes room."""
MOST_BYTES = 1 << 30
"""What they may take together; the newest is kept whatever its size."""
MOST_OF_A_WINDOW = 4
"""Runs that one window leaves behind: that on the table and the longest trained of those that undo
could have brought back."""


def file_name(run: Run) -> str:
    """A name for the file of a run, as one would look for it: what it learned, and when."""
    stamp = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    return f"{subject_name(run)} {stamp}.rnnviz"


def subject_name(run: Run) -> str:
    """What a run learned, as the beginning of a file's name: the user's own data have theirs, of a
    run that was opened from a file, too."""
    path = data_path(run.task) or Path(run.config.task)
    return re.sub(r"[^\w -]", "_", path.stem or run.task.name)[:60]


def keep_unsaved(desk: TrainingDesk | None, settings: Settings) -> Path | None:
    """Write what has been learned and is in no file, once the worker of a desk has ended; returns
    the file of the run that was on the table, or of the longest trained one.

    Runs are kept as far as they have been, also if the window stood on an earlier iteration. Where
    their folder takes none they are kept elsewhere. The window is closed: only who looks at the
    terminal can be told.
    """
    if desk is None or not desk.is_at_rest:
        return None
    written: list[Path] = []
    for run in desk.unsaved.every(desk.run)[:MOST_OF_A_WINDOW]:
        try:
            if run.data_problem is None:
                run.travel(run.furthest)
            with suppress(OSError):  # saving says it better
                settings.runs_folder.mkdir(parents=True, exist_ok=True)
            path, problem = save_somewhere(run, free_path(settings.runs_folder, file_name(run)))
        except UserError as error:
            _tell(f"what was learned is lost: {error}")
            continue
        if problem:
            _tell(f"{problem}. What was learned is in {path}")
        written.append(path)
    return remember_kept(settings, written)


def _tell(words: str) -> None:
    if sys.stderr is not None:  # a program without a terminal has none
        with suppress(OSError):
            sys.stderr.write(f"rnnviz: {words}\n")


def remember_kept(settings: Settings, files: Sequence[Path]) -> Path | None:
    """Put kept files, the most important first, where they are found again: in the list of recent
    files, and in what the next window says."""
    if not files:
        return None
    for path in reversed(files):
        settings.remember(str(path))
    settings.kept_run, settings.kept_count = str(files[0]), len(files)
    prune(settings.runs_folder, files[0])
    return files[0]


def prune(folder: Path, newest: Path) -> None:
    """Let the oldest run files make room."""
    kept, taken = 0, 0
    for path, size in sorted(_files(folder), key=lambda each: each[0] != newest):
        kept, taken = kept + 1, taken + size
        if path != newest and (kept > MOST or taken > MOST_BYTES):
            # Another window may have been quicker; what may not be removed stays.
            with suppress(OSError):
                path.unlink()


def _files(folder: Path) -> list[tuple[Path, int]]:
    """Run files and their sizes in bytes, the newest first; links to nowhere, folders and pipes of
    that name are not ours, and another window may remove a file meanwhile."""
    found: list[tuple[float, Path, int]] = []
    for path in folder.glob("*.rnnviz"):
        with suppress(OSError):
            status = path.stat()
            if stat.S_ISREG(status.st_mode):
                found.append((status.st_mtime, path, status.st_size))
    return [(path, size) for _, path, size in sorted(found, reverse=True)]


def announce_kept(shell: Shell) -> None:
    """Offer once to go on with what the last window left behind."""
    settings, kept = shell.settings, shell.settings.kept_run
    if kept and os.path.exists(kept):
        more = settings.kept_count - 1
        others = f" {more} more: File, Open recent." if more > 0 else ""
        shell.window.banner.show_offer(
            f"What the last window had learned is kept: “{Path(kept).name}”.{others}",
            "Continue", partial(shell.rooms.open_path, kept),
        )  # fmt: skip
    settings.kept_run = ""
