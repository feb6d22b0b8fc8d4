"""``rnnviz.show(...)`` for scripts and notebooks: the window on whatever is at hand."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from rnnviz.app.subject_check import check_subject
from rnnviz.app.system_check import check_qt, has_display
from rnnviz.trace.errors import UserError

if TYPE_CHECKING:
    from rnnviz.app.opening import Subject


_SIGNAL = 128
"""Added to the number of a signal that closed the window."""


def show(subject: Subject = None) -> int:
    """Open the window on a trace, a run, a configuration, a task's name or a file.

    Blocks until the window is closed and returns 0; Ctrl-C closes it and interrupts the caller.
    A run that is shown goes on from where it stands; it must not be trained elsewhere meanwhile.

    Raises:
        UserError: if there is no such file or task, there is no display, or Qt cannot run here: a
            package or a system library is missing, or its bindings are broken.
    """
    if not (os.environ.get("QT_QPA_PLATFORM") or has_display()):
        raise UserError(
            "there is no display to open a window on: save the trace or the run and look at it "
            "elsewhere, or draw it with rnnviz render"
        )
    check_subject(subject)
    check_qt()
    from rnnviz.app.main import open_window
    from rnnviz.session.run import Run

    # A run is the caller's, who may not want it trained on.
    code = open_window(subject, paused=isinstance(subject, Run))
    if code > _SIGNAL:
        # The window took it to close in good order; now it is the script's turn.
        signal.raise_signal(code - _SIGNAL)
    return code
