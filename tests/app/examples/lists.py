"""Lists of examples in a window, as the tests wait for them, and a run beside it."""

from collections.abc import Callable

from rnnviz.app.shell import Shell
from rnnviz.session.run import Run

Open = Callable[[str], Shell]
Until = Callable[[Callable[[], bool]], None]


def listed(shell: Shell, until: Until) -> None:
    """Wait for the list and the first answer in it."""
    browse = shell.window.tabs.browse
    shell.window.tabs.setCurrentWidget(browse)
    until(lambda: browse.model.rowCount() > 0 and browse.model.reply(0) is not None)


def twin(run: Run) -> Run:
    """A run with the same weights: only the worker may ask the one in the window."""
    made = Run.create(run.config)
    made.net.params.flat[:] = run.net.params.flat
    return made
