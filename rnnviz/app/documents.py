"""Files in and out of the window: texts, runs, traces and pictures, by menu or drag and drop."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from rnnviz.app.config_edits import for_task
from rnnviz.app.examples.picture_input import SUFFIXES
from rnnviz.app.file_dialogs import FileDialogs, Purpose
from rnnviz.app.file_kinds import is_run
from rnnviz.app.kept_runs import subject_name
from rnnviz.app.picture_dialog import PictureDialog
from rnnviz.app.reading import read_run
from rnnviz.app.snapshot import grab_window, save_window
from rnnviz.app.stage_framing import framing_of
from rnnviz.export.pictures import state_picture
from rnnviz.export.render import write_picture
from rnnviz.export.view_names import STAGE, VIEWS, WINDOW
from rnnviz.scene.figure import figure_of, is_at_a_step
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.strips_left_out import left_out_forms
from rnnviz.session.config import RunConfig
from rnnviz.session.files import load_run
from rnnviz.session.run import Run
from rnnviz.tasks.own_files import is_text
from rnnviz.trace import UserError
from rnnviz.trace.files import is_recorded, load_trace, save_trace

_DATA = (
    "Tables, arrays, videos, texts (*.csv *.tsv *.npy *.npz *.mp4 *.mkv *.mov *.avi *.webm *.m4v "
    "*.txt *.md);;All files (*)"
)

_LONG_BYTES = 1_000_000
"""What is smaller is read before anybody could have read that it is."""

if TYPE_CHECKING:
    from rnnviz.app.shell import Shell


class Documents:
    """Opens and saves for one shell. Every failure is one message; the open session stays."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._dialogs = FileDialogs(shell.settings)

    def ask_data(self) -> None:
        self._ask_open("data", "Learn from your own data", _DATA)

    def ask_folder(self) -> None:
        path = self._dialogs.folder(self._shell.window, "data", "A folder of pictures")
        if path is not None:
            self.open_path(str(path))

    def ask_text(self) -> None:
        kinds = "Text files (*.txt *.md *.csv *.py);;All files (*)"
        self._ask_open("text", "Train on a text file", kinds)

    def ask_run(self) -> None:
        kinds = "Runs and traces (*.rnnviz *.npz);;All files (*)"
        self._ask_open("run", "Open a run or a trace", kinds)

    def ask_save_run(self) -> None:
        desk = self._shell.desk
        kinds = {"Runs (*.rnnviz)": ".rnnviz"}
        window = self._shell.window
        name = f"{subject_name(desk.run) if desk is not None else 'run'}.rnnviz"
        path = self._dialogs.to_save(window, "run", "Save the run", name, kinds)
        if path is not None and desk is not None:
            desk.save(path)

    def ask_save_trace(self) -> None:
        kinds, title = {"Traces (*.npz)": ".npz"}, "Save the pass on screen"
        path = self._dialogs.to_save(self._shell.window, "pass", title, "trace.npz", kinds)
        if path is not None:
            self.save_trace(path)

    def ask_export(self) -> None:
        state = self._shell.model.state
        if state is None:
            return
        dialog = PictureDialog(self._shell.window, [WINDOW, *VIEWS], self._dialogs)
        dialog.wanted.connect(self.export)
        dialog.open()

    def open_path(self, path: str) -> None:
        """Open whatever the file is, by its ending: a run, a trace, or data to learn from."""
        file = Path(path)
        self._shell.window.banner.dismiss_note()
        try:
            examples = self._shell.examples
            if is_recorded(file):
                self._shell.show_recorded(load_trace(file))
                self._shell.settings.remember(path)
            elif self._shell.desk is None:
                self._begin(file)
            elif is_run(file):
                self._shell.desk.open_run(file, load_run)
                self._say_reading(file)
            elif file.suffix.lower() in SUFFIXES and examples and examples.looks_at_pictures:
                examples.open_picture(file)
                self._shell.settings.remember(path)
            else:
                self._open_data(file)
        except UserError as error:
            self._shell.window.banner.show_error(str(error))

    def save_trace(self, path: Path) -> None:
        state = self._shell.model.state
        if state is None:
            return
        self._report(lambda: save_trace(state.trace, path), f"Saved the pass as {path}")

    def export(self, view: str, file: str, scale: float) -> None:
        """Write one view or the window as a picture; the ending of the file says how."""
        state = self._shell.model.state
        if state is None:
            return
        path, window = Path(file), self._shell.window
        if view == WINDOW:
            self._report(lambda: save_window(window, path, scale), f"Saved the picture as {path}")
            return

        def write() -> str:
            picture = self._picture(view, state)
            write_picture(picture, path, scale)
            missing = left_out_forms(picture.left_out)
            return f"Saved the picture as {path}{f' ({missing[0]})' if missing else ''}"

        self._report(write)

    def _picture(self, view: str, state: ViewState) -> Picture:
        """A view as it stands on screen, but for its controls; one that is not there as it would
        stand on the stage."""
        window = self._shell.window
        on_screen = {"inspector": window.inspector.picture, "loss": window.curve.picture}
        picture = on_screen.get(view)
        if picture is not None:
            return figure_of(picture, at_step=is_at_a_step(state))
        graph, strips = window.stage.graph, window.stage.strips
        below = strips.height() if view in (STAGE, "strips") else 0
        above = graph.height() if view != "strips" else 0
        framing = framing_of(window.stage, state)
        size = graph.width(), above + below
        picture = state_picture(view, state, size, framing=framing)
        if view == "strips" and isinstance(picture, StripsPicture) and picture.left_out:
            # Paper has no scroll bar: it is as long as all strips that are open.
            size = graph.width(), math.ceil(picture.needed)
            return state_picture(view, state, size, framing=framing)
        return picture

    def copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(grab_window(self._shell.window, 2.0))
        self._shell.window.banner.show_note("Copied the window as a picture")

    def _begin(self, file: Path) -> None:
        """The first run of a window that has shown a recorded pass so far."""
        run = read_run(
            self._shell,
            str(file),
            lambda: load_run(file) if is_run(file) else Run.create(RunConfig(task=str(file))),
        )
        if run is not None:
            self._shell.attach(run)
            self._shell.rooms.opened(str(file))

    def _open_data(self, file: Path) -> None:
        desk = self._shell.desk
        assert desk is not None
        like = desk.run.config
        # From one text to another the model that was chosen for the first goes on.
        keep = desk.run.task.name == "text" and is_text(str(file))
        config = for_task(str(file), {}, like, keep_choices=keep)
        desk.build(lambda: config, f"open {file.name}", str(file))
        self._say_reading(file)

    def _say_reading(self, file: Path) -> None:
        if os.path.isfile(file) and file.stat().st_size >= _LONG_BYTES:
            self._shell.window.banner.show_progress(f"Reading {file.name} …")

    def _report(self, write: Callable[[], str | None], done: str = "") -> None:
        """Do it, and say that it is done, in the words that it returns or those given."""
        try:
            done = write() or done
        except UserError as error:
            self._shell.window.banner.show_error(str(error))
        else:
            self._shell.window.banner.show_note(done)

    def _ask_open(self, purpose: Purpose, title: str, kinds: str) -> None:
        path = self._dialogs.to_open(self._shell.window, purpose, title, kinds)
        if path is not None:
            self.open_path(str(path))
