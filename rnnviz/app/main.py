"""Starts the window: first its frame, then the rest of the program, then the first pass."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from rnnviz.app.end_signals import EndSignals
from rnnviz.app.look import chosen_theme
from rnnviz.app.screen_room import set_scale
from rnnviz.app.settings import Settings
from rnnviz.app.stay import Stay, own_look_after
from rnnviz.app.theme import apply_theme
from rnnviz.app.window_layout import first_frame
from rnnviz.trace import UserError
from rnnviz.views.application import application

if TYPE_CHECKING:
    from rnnviz.app.opening import Subject
    from rnnviz.app.shell import Shell


def open_window(
    subject: Subject = None,
    settings: Settings | None = None,
    on_ready: Callable[[Shell], None] | None = None,
    *,
    paused: bool = False,
) -> int:
    """Open the window on a task, a file, a run or a trace and stay until it is closed.

    Returns the exit code: that of a shell (130 for Ctrl-C) where a signal closed the window.
    `on_ready` is called once the subject is on the table; `paused` lets no task begin to learn by
    itself, which the settings may say, too.
    """
    # What is loaded now stays; looking for garbage in it only takes time (see `GuiCollector`).
    collects, switches = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    signals = EndSignals()
    try:
        settings = settings if settings is not None else Settings()
        set_scale(settings.percent)
        app = application()
        _check_screen(app)
        with own_look_after(app):
            return _opened(app, subject, settings, on_ready, signals, paused=paused)
    finally:
        signals.stop()
        sys.setswitchinterval(switches)
        if collects:
            gc.enable()


def _check_screen(app: QApplication) -> None:
    if app.platformName() == "offscreen" and not os.environ.get("QT_QPA_PLATFORM"):
        raise UserError(
            "this process has drawn pictures without a screen, and a window would not be seen: "
            "open it in a process of its own"
        )


def _opened(
    app: QApplication,
    subject: Subject,
    settings: Settings,
    on_ready: Callable[[Shell], None] | None,
    signals: EndSignals,
    *,
    paused: bool,
) -> int:
    theme = chosen_theme(settings)
    apply_theme(app, theme)
    window = first_frame(settings, theme)
    window.show()
    # The frame is painted before the rest of the program is loaded.
    app.processEvents()

    from rnnviz.app.autosave import take_over
    from rnnviz.app.faults import FaultReporter
    from rnnviz.app.frame_loop import SWITCH_SECONDS
    from rnnviz.app.kept_runs import announce_kept, keep_unsaved
    from rnnviz.app.opening import furnish
    from rnnviz.app.shell import Shell

    sys.setswitchinterval(SWITCH_SECONDS)
    shell = Shell(app, settings, window=window)
    stay = Stay(app)
    shell.closed.connect(stay.leave)

    def begin() -> None:
        if not window.isVisible():  # closed by now, before anybody was told
            stay.leave()
            return
        furnish(shell, subject, paused=paused or settings.starts_paused)
        if not window.isVisible():  # closed while its file was read
            return
        take_over(settings)
        announce_kept(shell)
        shell.start()
        if on_ready is not None:
            on_ready(shell)

    def end() -> None:
        app.closeAllWindows()
        stay.leave(signals.exit_code)

    faults = FaultReporter(shell.window.banner.show_error)
    QTimer.singleShot(0, shell, begin)
    signals.call(end)
    try:
        code = stay.until_left()
        shell.close()  # where the loop was ended from elsewhere
        kept = keep_unsaved(shell.desk, settings)
        desk, autosave = shell.desk, shell.autosave
        nothing = desk is not None and desk.is_at_rest and not desk.unsaved.every(desk.run)
        if autosave is not None and (nothing or kept is not None):
            # Else it is left to the next window, as it was kept on the way.
            autosave.discard()
        settings.sync()
        return signals.exit_code if signals.number else code
    finally:
        faults.stop()
