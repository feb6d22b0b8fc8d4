"""Is there anything to open? Asked before a window is, where the answer needs no window."""

from __future__ import annotations

import os

from rnnviz.trace.errors import UserError

COMMONEST = "hello"


def check_subject(subject: object) -> None:
    """Whether a window can be opened on ``subject``; what is in a file is not looked at yet.

    Raises:
        UserError: if it is no file and no task, or nothing that can be shown at all.
    """
    if subject is None:
        return
    if not isinstance(subject, str | os.PathLike):
        from rnnviz.session import Run, RunConfig
        from rnnviz.trace import Trace

        if not isinstance(subject, Trace | Run | RunConfig):
            raise UserError(
                f"{subject!r} cannot be shown: give a trace, a run, a configuration, "
                "the name of a task or a file"
            )
        return
    name = os.fspath(subject)
    # To know the tasks takes a fifth of a second, which the commonest one need not wait for.
    if name == COMMONEST or (name and os.path.exists(name)):
        return
    if os.path.splitext(name)[1] or os.path.dirname(name):
        raise UserError(f"cannot open {name!r}: there is no such file")
    from rnnviz.tasks.registry import ENTRIES, no_such_task

    if all(entry.info.name != name for entry in ENTRIES):
        raise no_such_task(name)
