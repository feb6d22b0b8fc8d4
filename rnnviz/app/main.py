"""Starts the window: first something to see, then the engine, then the first pass."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QTimer

from rnnviz.app.faults import FaultReporter
from rnnviz.app.opening import Subject, furnish
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.views.application import application

SWITCH_SECONDS = 0.001
"""How long a thread may keep the interpreter while another waits for it."""


def open_window(
    subject: Subject = None,
    settings: Settings | None = None,
    on_ready: Callable[[Shell], None] | None = None,
) -> int:
    """Open the window on a task, a file, a run or a trace and stay until it is closed.

    Returns the exit code. `on_ready` is called once the subject is on the table.
    """
    app = application()
    sys.setswitchinterval(SWITCH_SECONDS)
    shell = Shell(app, settings if settings is not None else Settings())

    def begin() -> None:
        furnish(shell, subject)
        shell.start()
        if on_ready is not None:
            on_ready(shell)

    faults = FaultReporter(shell.window.banner.show_error)
    shell.window.show()
    QTimer.singleShot(0, shell, begin)
    try:
        return app.exec()
    finally:
        faults.stop()
