"""The range and threshold of a match search; the range can be clicked in the text."""

from __future__ import annotations

from rnnviz.app.lab.controls import Controls, Count, Pick, Slide

_CONTROLS = (
    Count("start", "from step", 1, 1_000_000, 1),
    Count("stop", "to step", 1, 1_000_000, 2),
    Slide("threshold", "on from", 0.05, 0.95, 0.3, log=False),
    Pick("where", "look in", (("batch", "this batch"), ("examples", "the task's examples"))),
)


class MatchControls(Controls):
    """Two clicks on tokens are the two ends of the range."""

    def __init__(self) -> None:
        super().__init__(_CONTROLS)
        self._first: int | None = None

    def brush(self, step: int) -> None:
        """One end of a new range; the second click completes it."""
        first, self._first = self._first, step if self._first is None else None
        low, high = sorted((step, step if first is None else first))
        self.blockSignals(True)
        self.field("start").set_value(low + 1)
        self.field("stop").set_value(high + 1)
        self.blockSignals(False)
        self.changed.emit()
