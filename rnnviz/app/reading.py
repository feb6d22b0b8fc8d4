"""Waits for what a fresh window is opened on while the window is painted and can be closed.

Reading a text of 100 MB takes seconds. Until it is there the window has nothing to be worked with.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from rnnviz.app.builder import RunBuilder
from rnnviz.app.shell import Shell
from rnnviz.session.run import Run
from rnnviz.trace import UserError

_LOOK_EVERY_MS = 10


def read_run(shell: Shell, name: str, make: Callable[[], Run]) -> Run | None:
    """The run that `make` makes in a thread of its own; None if the window was closed meanwhile.

    Raises:
        UserError: if it cannot be made.
    """
    results: list[Run | str] = []
    builder, loop, look = RunBuilder(), QEventLoop(), QTimer()

    def collect() -> None:
        result = builder.poll()
        if result is not None:
            results.append(result)
            loop.quit()

    def leave() -> None:
        # Both can happen in one turn of the loop, in either order: closed is closed.
        look.stop()
        results.clear()
        loop.quit()

    look.timeout.connect(collect)
    shell.closed.connect(leave)
    shell.window.banner.show_progress(f"Reading {Path(name).name} …")
    builder.start(make)
    look.start(_LOOK_EVERY_MS)
    # Keys and clicks wait: there is no run yet for which they could be meant.
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    look.stop()
    shell.closed.disconnect(leave)
    builder.close()
    if not results:
        return None
    shell.window.banner.settle()
    if isinstance(results[0], str):
        raise UserError(results[0])
    return results[0]
