"""What the training curve asks of a history, whoever keeps it."""

from __future__ import annotations

from typing import Protocol

from rnnviz.scene.shapes import Floats


class EnvelopeView(Protocol):
    """A column reduced to intervals: where each begins, its least and its greatest value."""

    @property
    def iteration(self) -> Floats: ...
    @property
    def low(self) -> Floats: ...
    @property
    def high(self) -> Floats: ...


class HistoryView(Protocol):
    """What the curve needs of a history (`rnnviz.trace.history.History` has it)."""

    def __len__(self) -> int: ...

    def still(self) -> HistoryView: ...

    def column(self, name: str, start: int = 0, stop: int | None = None) -> Floats: ...

    def envelope(
        self, name: str, bins: int, first: float | None = None, last: float | None = None
    ) -> EnvelopeView: ...

    def recent_loss(self, window: float, points: int) -> EnvelopeView: ...
