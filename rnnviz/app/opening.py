"""What a fresh window is opened on: a task that begins to learn, a file, or a recorded pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rnnviz.app.file_kinds import is_run
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.files import load_run
from rnnviz.session.run import Run
from rnnviz.trace import Trace, UserError
from rnnviz.trace.files import is_recorded, load_trace

FIRST_TASK = "hello"
Subject = str | Path | Trace | RunConfig | Run | None
"""A task's name, a file, a recorded pass, a configuration or a run; None means "hello"."""


def furnish(shell: Shell, subject: Subject, *, paused: bool = False) -> None:
    """Put the subject on the table. What cannot be opened is said in the window, on "hello".

    A task, or a run at its beginning, is learned at once unless it is to be `paused`. If the
    window is closed while a file is read, nothing comes on the table.
    """
    if isinstance(subject, Trace):
        shell.show_trace(subject)
        return
    if isinstance(subject, Run):
        shell.attach(subject)
        if subject.iteration == 0:
            _begin(shell, paused=paused)
        return
    try:
        if isinstance(subject, RunConfig):
            shell.attach(Run.create(subject))
            return
        name = str(subject) if subject is not None else FIRST_TASK
        if is_recorded(Path(name)):
            shell.show_trace(load_trace(name))
        else:
            saved = is_run(Path(name))
            run = _run(shell, name, lambda: load_run(name) if saved else _new(name))
            if run is None:
                return
            shell.attach(run)
            if not saved:
                _begin(shell, paused=paused)
    except UserError as error:
        shell.attach(Run.create(RunConfig(task=FIRST_TASK)))
        shell.window.banner.show_error(str(error))


def _new(name: str) -> Run:
    return Run.create(RunConfig(task=name))


def _run(shell: Shell, name: str, make: Callable[[], Run]) -> Run | None:
    """The run on a task or file; the commonest one is made sooner than a thread is started."""
    if name == FIRST_TASK:
        return make()
    from rnnviz.app.reading import read_run

    return read_run(shell, name, make)


def _begin(shell: Shell, *, paused: bool) -> None:
    """Start to learn: "hello" at a pace that can be watched, anything larger flat out."""
    desk = shell.desk
    assert desk is not None
    if desk.run.task.name == FIRST_TASK:
        desk.set_slow(True)
        if not paused:
            # Nobody has made anything by looking at them.
            desk.unsaved.note(desk.run, desk.run.limit)
            desk.start(desk.run.limit)
    elif not paused:
        desk.start()
