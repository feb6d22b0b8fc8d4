"""Every task by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rnnviz.tasks import charlm
from rnnviz.tasks.base import Task, TaskInfo
from rnnviz.trace import UserError


@dataclass(frozen=True, slots=True)
class Entry:
    """A task that can be made: what the list shows and how to build it."""

    info: TaskInfo
    make: Callable[..., Task]

    @property
    def missing(self) -> tuple[str, ...]:
        """Packages the data comes from that are not installed."""
        return tuple(module for module in self.info.modules if find_spec(module) is None)


ENTRIES: tuple[Entry, ...] = (
    Entry(charlm.HELLO, charlm.hello),
    Entry(charlm.TEXT, charlm.text),
)


def get_task(name_or_path: str, **options: Any) -> Task:
    """The task of that name, or one made from the user's own file or folder.

    Raises:
        UserError: if there is no such task, file or option, or a package is missing.
    """
    for entry in ENTRIES:
        if entry.info.name == name_or_path:
            return _make(entry, options)
    if Path(name_or_path).exists() or "/" in name_or_path or "\\" in name_or_path:
        return charlm.text(name_or_path, **options)
    names = ", ".join(entry.info.name for entry in ENTRIES)
    raise UserError(f"{name_or_path!r} is neither a task nor a file; the tasks are: {names}")


def _make(entry: Entry, options: dict[str, Any]) -> Task:
    if entry.missing:
        raise UserError(
            f"{entry.info.name} needs the package {', '.join(entry.missing)}: "
            f"install it with  pip install 'rnnviz[{entry.info.extra}]'"
        )
    try:
        return entry.make(**options)
    except TypeError as error:
        raise UserError(f"{entry.info.name}: {error}") from None
