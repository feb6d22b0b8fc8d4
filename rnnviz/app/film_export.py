"""A played pass as GIF, WebP or MP4: asked for in a dialog, written behind a bar with Cancel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QProgressDialog,
    QWidget,
)

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.film_sizes import FilmSize, film_sizes
from rnnviz.app.number_boxes import RealBox, WholeBox
from rnnviz.app.settings import Settings
from rnnviz.app.stage_framing import framing_of
from rnnviz.export.animation import Film, animate
from rnnviz.export.view_names import FILM_VIEWS, STAGE, UNROLLING
from rnnviz.scene.strips_left_out import left_out_forms
from rnnviz.trace import UserError

if TYPE_CHECKING:
    from rnnviz.app.shell import Shell

_KINDS = {
    "Video (*.mp4)": ".mp4", "Animated GIF (*.gif)": ".gif", "Animated WebP (*.webp)": ".webp",
}  # fmt: skip


class FilmDialog(QDialog):
    """What is played and how fast; `wanted` carries the film and the file."""

    wanted = Signal(object, str)

    def __init__(self, parent: QWidget, film: Film, settings: Settings) -> None:
        super().__init__(parent)
        self._settings = settings
        self._dialogs = FileDialogs(settings)
        self._film = film
        self.setWindowTitle("Export animation")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form = QFormLayout(self)
        self.view = QComboBox()
        self.view.addItems(list(FILM_VIEWS))
        form.addRow("&View", self.view)
        self.speed = RealBox()
        self.speed.setRange(0.5, 500.0)
        self.speed.setSuffix(" operations/s")
        self.speed.setDecimals(1)
        self.speed.setValue(film.easy_speed)
        form.addRow("&Speed", self.speed)
        self.rate = WholeBox()
        self.rate.setRange(1, 60)
        self.rate.setSuffix(" frames/s")
        self.rate.setValue(film.frames_per_second)
        form.addRow("&Frames", self.rate)
        self.size_choice = QComboBox()
        for each in film_sizes(film.size):
            self.size_choice.addItem(each.words, each)
            if each.name == settings.film_size:
                self.size_choice.setCurrentIndex(self.size_choice.count() - 1)
        form.addRow("&Pixels", self.size_choice)
        self.length = QLabel()
        self.length.setObjectName("muted")
        form.addRow(self.length)
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        box.accepted.connect(self._choose_file)
        box.rejected.connect(self.reject)
        form.addRow(box)
        self.speed.valueChanged.connect(self._tell_length)
        self.rate.valueChanged.connect(self._tell_length)
        self.view.currentTextChanged.connect(self._tell_length)
        self._tell_length()

    @property
    def film(self) -> Film:
        """What the settings say."""
        chosen = self._chosen_size
        return replace(
            self._film,
            size=chosen.size,
            scale=chosen.scale,
            view=self.view.currentText(),
            speed=self.speed.value(),
            frames_per_second=self.rate.value(),
        )

    @property
    def _chosen_size(self) -> FilmSize:
        chosen = self.size_choice.currentData()
        assert isinstance(chosen, FilmSize)
        return chosen

    @Slot()
    def _tell_length(self) -> None:
        film = self.film
        unrolls = film.view == UNROLLING
        self.speed.setDisabled(unrolls)
        seconds = film.frames / film.frames_per_second
        what = "one cell becomes the whole sequence" if unrolls else "the pass on screen"
        self.length.setText(f"{film.frames:,} frames, {seconds:.0f} seconds; {what}")

    @Slot()
    def _choose_file(self) -> None:
        title, name = "Export animation", f"{self.film.view}.mp4"
        path = self._dialogs.to_save(self, "film", title, name, _KINDS)
        if path is not None:
            self._settings.film_size = self._chosen_size.name
            film = self.film
            # First: while the film is written the window lives on, and this would be closed again.
            self.accept()
            self.wanted.emit(film, str(path))


def ask_film(shell: Shell) -> None:
    """Open the dialog on the pass that is on the stage."""
    state = shell.model.state
    if state is None:
        return
    stage = shell.window.stage
    size = max(stage.graph.width(), 320), max(stage.graph.height() + stage.strips.height(), 200)
    film = Film(
        trace=state.trace, view=STAGE, theme=state.theme.name, size=size, row=state.row,
        framing=framing_of(stage, state),
    )  # fmt: skip
    dialog = FilmDialog(shell.window, film, shell.settings)
    dialog.wanted.connect(lambda film, file: write_film(shell, film, file))
    dialog.open()


def write_film(shell: Shell, film: Film, file: str) -> None:
    """Write the film frame by frame; the window lives on, and Cancel leaves no file."""
    path, banner = Path(file), shell.window.banner
    bar = QProgressDialog("Drawing the frames …", "Cancel", 0, 0, shell.window)
    bar.setWindowTitle("Export animation")
    bar.setWindowModality(Qt.WindowModality.WindowModal)
    bar.setMinimumDuration(0)

    def go_on(done: int, total: int) -> bool:
        if bar.maximum() != total:
            bar.setMaximum(total)
        bar.setValue(done)  # also lets the window handle its events
        return not bar.wasCanceled() and shell.window.isVisible()

    try:
        finished = animate(film, path, go_on)
    except UserError as error:
        banner.show_error(str(error))
        return
    finally:
        bar.deleteLater()
    missing = left_out_forms(film.left_out)
    note = f"Saved the pass as {path}{f' ({missing[0]})' if missing else ''}"
    banner.show_note(note if finished else "Export cancelled: no file")
