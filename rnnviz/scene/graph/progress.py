"""What has become known since the current column began, apart from what was known before.

The past is painted once a column, only the rest with every operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rnnviz.scene.graph.rows import Row
from rnnviz.scene.timeline import OpKind, Phase, Timeline


@lru_cache(maxsize=4096)
def known(
    timeline: Timeline, done: int, phase: Phase, kind: OpKind, layer: str, prefix: str | None
) -> range:
    """`Timeline.known`, remembered: pass after pass asks the same."""
    return timeline.known(done, phase, kind, layer, prefix)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The operations from `since` up to, not including, `done`."""

    timeline: Timeline
    since: int
    done: int

    def columns(
        self, phase: Phase, kind: OpKind, layer: str, prefix: str | None, within: range
    ) -> range:
        """Columns of `within` where a quantity becomes known in this stretch."""
        now = known(self.timeline, self.done, phase, kind, layer, prefix)
        before = known(self.timeline, self.since, phase, kind, layer, prefix)
        if before:
            leftward = now.stop == before.stop and now.start < before.start
            now = range(now.start, before.start) if leftward else range(before.stop, now.stop)
        start = max(now.start, within.start)
        return range(start, max(min(now.stop, within.stop), start))

    def of_row(self, phase: Phase, row: Row, prefix: str | None, within: range) -> range:
        """The same for the quantity that a row of the graph shows."""
        return self.columns(phase, row.kind_of_operation, row.layer, prefix, within)


def past_and_present(timeline: Timeline, done: int, live: bool) -> tuple[Stretch, Stretch]:
    """The operations before the current column of the sweep, and those in it; all are past
    where the next picture will be of another pass anyway."""
    begin = done if live else timeline.first_of(max(done - 1, 0))
    return Stretch(timeline, 0, begin), Stretch(timeline, begin, done)
