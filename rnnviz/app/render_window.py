"""The real window, laid out offscreen and saved as a picture, for scripts and slides."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QWidget

from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.app.snapshot import save_window
from rnnviz.scene.theme import ThemeName
from rnnviz.session.run import Run
from rnnviz.trace import Trace, UserError
from rnnviz.views.application import application

_PATIENCE_SECONDS = 60.0
_NAP_SECONDS = 0.002
_REST_SECONDS = 0.6
"""After the last move: what is computed aside is asked for within a quarter of a second."""


def render_window(
    subject: Run | Trace,
    path: Path,
    *,
    step: int | None = None,
    theme: ThemeName = "light",
    size: tuple[int, int] = (1600, 1000),
    scale: float = 1.0,
    arrange: Callable[[Shell], QWidget | None] | None = None,
) -> tuple[int, int]:
    """Save the window on a run (as it stands) or on a recorded pass.

    `step` counts from 1 as on screen and puts the cursor there, in the backward pass where there
    is one; None shows the whole pass. `size` is in logical pixels, `scale` device pixels each.
    Returns the size that the picture has: what is in the window needs some room at least.
    `arrange` may open or choose something first; where it returns a window, that one is saved.

    Raises:
        UserError: for another ending than .png, .svg or .pdf, a place that cannot be written to,
            or if the first pass cannot be made or does not arrive.
    """
    app = application()
    with tempfile.TemporaryDirectory(prefix="rnnviz-") as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        settings = Settings(store)
        settings.theme = theme
        shell = Shell(app, settings)
        try:
            shell.window.resize(*size)
            shell.window.show()
            failures: list[str] = []
            if isinstance(subject, Run):
                shell.attach(subject)
                assert shell.desk is not None
                shell.desk.failed.connect(failures.append)
            else:
                shell.show_trace(subject)
            shell.start()
            end = monotonic() + _PATIENCE_SECONDS
            while shell.model.state is None or not shell.is_settled:
                if shell.model.state is None and failures:
                    raise UserError(failures[0])
                if monotonic() > end:
                    raise UserError("the picture of the window was not ready within a minute")
                _live()
            if step is not None:
                shell.model.seek_column(step - 1)
            shown = arrange(shell) if arrange is not None else None
            rested = monotonic() + _REST_SECONDS
            while monotonic() < rested or (not _rests(shell) and monotonic() < end):
                _live()
            saved = shown or shell.window
            save_window(saved, path, scale)
            return saved.width(), saved.height()
        finally:
            shell.window.close()
            shell.deleteLater()


def _live() -> None:
    """Let the window live for a moment, and whatever computes in the background."""
    QCoreApplication.processEvents()
    sleep(_NAP_SECONDS)


def _rests(shell: Shell) -> bool:
    """Whether nothing will change any more, the list of examples included."""
    return shell.is_settled and not (shell.examples is not None and shell.examples.busy)
