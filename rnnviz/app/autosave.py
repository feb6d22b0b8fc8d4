"""What is being learned, kept beside the user's own files in case the program is killed.

Every minute or so the worker writes the run on the table between two iterations, if it has learned
something, and once more before it is left for another run or for its own past. The files lie in a
folder of this window; a window that ends in good order removes it, and the next one takes over
what a killed one has left.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

from rnnviz.app.kept_runs import file_name, remember_kept
from rnnviz.app.settings import Settings
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.run import Run
from rnnviz.trace.free_path import free_path

SECONDS = 60.0
"""Between two savings; longer where a saving takes long, so that it costs a hundredth at most."""
_SHARE = 0.01
MOST_FILES = 6
"""Runs of one window; the least trained makes room."""
_PREFIX, _LOCK = "open ", "lock"


class Autosave(QObject):
    """Asks the worker of a desk to write; `failed` says once why it cannot."""

    failed = Signal(str)

    def __init__(self, desk: TrainingDesk, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runs = settings.runs_folder
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        self._files: WeakKeyDictionary[Run, Path] = WeakKeyDictionary()
        self._kept: WeakKeyDictionary[Run, int] = WeakKeyDictionary()
        self._work: dict[Path, int] = {}
        self._since, self._wait = 0.0, SECONDS
        self._is_writing = False
        self._works = True
        desk.leaving.connect(self.keep)
        desk.host.happened.connect(self._hear)

    def tick(self, seconds: float) -> None:
        """Let time go by."""
        self._since += seconds
        if self._since >= self._wait and not self._is_writing:
            self._since = 0.0
            self.keep()

    @Slot()
    def keep(self) -> None:
        """Have the run on the table written, if it has learned something since the last time."""
        run = self._desk.run
        learned = max(self._kept.get(run, 0), self._desk.unsaved.safe(run))
        # In its past a run would be written without what came later.
        if not self._works or run.iteration < run.furthest or run.furthest <= learned:
            return
        if self._files.get(run) is None:
            folder = self._own_folder()
            if folder is None:
                return
            self._files[run] = free_path(folder, file_name(run))
        self._kept[run] = run.furthest
        self._is_writing = True
        self._desk.host.send(c.Save(self._files[run], run, quietly=True))

    def discard(self) -> None:
        """Everything is safe elsewhere, or nobody made anything."""
        if self._folder is not None:
            if self._lock is not None:
                self._lock.unlock()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _own_folder(self) -> Path | None:
        if self._folder is None:
            folder = free_path(self._runs, f"{_PREFIX}{os.getpid()}")
            try:
                folder.mkdir(parents=True)
            except OSError as error:
                self._give_up(f"{folder.parent}: {error.strerror}")
                return None
            self._lock = QLockFile(str(folder / _LOCK))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
            self._folder = folder
        return self._folder

    @Slot(object)
    def _hear(self, event: e.Event) -> None:
        match event:
            case e.Saved(path, run, iteration, seconds, True):
                self._is_writing = False
                self._wait = max(SECONDS, seconds / _SHARE)
                self._kept[run] = iteration
                self._work[path] = iteration * run.net.params.flat.size
                self._make_room(path)
            case e.Saved(_, run, iteration, _, False):
                file = self._files.get(run)
                if file is not None and iteration >= self._kept.get(run, 0):
                    # It is in a file of the user's own now.
                    self._remove(file)
            case e.NotSaved(message):
                self._is_writing = False
                self._give_up(message)
            case _:
                pass

    def _make_room(self, newest: Path) -> None:
        while len(self._work) > MOST_FILES:
            others = (path for path in self._work if path != newest)
            least = min(others, key=lambda path: self._work[path])
            self._remove(least)
            for run in [run for run, file in self._files.items() if file == least]:
                # It is written again should undo bring it back.
                self._kept.pop(run, None)

    def _remove(self, file: Path) -> None:
        # What may not be removed is no reason to stop.
        with suppress(OSError):
            file.unlink()
        self._work.pop(file, None)

    def _give_up(self, why: str) -> None:
        self._works = False
        self.failed.emit(f"What is learned is not kept against a power cut: {why}. Save the run.")


def take_over(settings: Settings) -> None:
    """Make what killed windows have left behind kept runs like those of closed ones."""
    taken: list[tuple[float, Path]] = []
    for folder in sorted(settings.runs_folder.glob(f"{_PREFIX}*")):
        lock = QLockFile(str(folder / _LOCK))
        lock.setStaleLockTime(0)
        # A window that lives holds its lock; that of a process that is gone can be had.
        if not os.path.isdir(folder) or not lock.tryLock(0):
            continue
        try:
            for file in filter(os.path.isfile, folder.glob("*.rnnviz")):
                written = file.stat().st_mtime
                place = free_path(settings.runs_folder, file.name)
                taken.append((written, file.replace(place)))
        except OSError:
            continue
        finally:
            lock.unlock()
        shutil.rmtree(folder, ignore_errors=True)
    remember_kept(settings, [path for _, path in sorted(taken, reverse=True)])
