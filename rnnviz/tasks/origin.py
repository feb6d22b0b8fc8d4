"""Where data that rnnviz did not make itself comes from."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.tasks.base import Metric, TaskInfo
from rnnviz.trace.spec import SequenceKind


@dataclass(frozen=True, slots=True)
class Origin:
    """The name that rebuilds the task (a path, or the name in the list), and what to show.

    ``modules`` are the packages that hold the data; empty for the user's own files.
    """

    name: str
    title: str
    source: str
    licence: str = "your own file"
    modules: tuple[str, ...] = ()

    def info(self, kind: SequenceKind, metric: Metric) -> TaskInfo:
        return TaskInfo(
            name=self.name,
            title=self.title,
            kind=kind,
            source=self.source,
            licence=self.licence,
            metric=metric,
            modules=self.modules,
            extra="data" if self.modules else "",
        )
