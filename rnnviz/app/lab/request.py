"""What a figure is asked to show, and how it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rnnviz.analysis.layers import layer_named, true_length
from rnnviz.analysis.progress import Progress
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import Theme
from rnnviz.session.config import RunConfig
from rnnviz.trace import Trace, UserError
from rnnviz.trace.history import History


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A pass, a layer and a sequence of it, and the figure's own options.

    ``config`` and ``history`` are those of the run on the table, None for a bare recording.
    """

    trace: Trace
    layer: str
    row: int
    options: Mapping[str, Any] = field(default_factory=dict)
    config: RunConfig | None = None
    history: History | None = None

    def ticket(self, *, follows: bool = True) -> tuple[object, ...]:
        """Requests with equal tickets have the same answer.

        A figure that does not follow the pass on the stage depends on its options and on the
        configuration of the run only.
        """
        shown = self.trace if follows else self.config
        return (shown, self.layer, self.row, *sorted(self.options.items()))

    @property
    def steps(self) -> int:
        """Length of the sequence without padding."""
        return true_length(self.trace, layer_named(self.trace, self.layer).prefix, self.row)

    def words(self) -> tuple[str, ...]:
        """What the steps of the layer's part read."""
        return self.words_of(self.row)[: self.steps]

    def words_of(self, row: int) -> tuple[str, ...]:
        """What another sequence of the batch reads in that part; empty where nobody knows."""
        labels = self.trace.labels
        is_decoder = layer_named(self.trace, self.layer).prefix == "decoder_"
        rows = labels.decoder_inputs if is_decoder else labels.inputs
        return tuple(rows[row]) if row < len(rows) else ()

    def targets(self) -> tuple[str, ...]:
        """What the outputs should be."""
        rows = self.trace.labels.targets
        return tuple(rows[self.row]) if self.row < len(rows) else ()

    def need_gradients(self) -> None:
        """Raises UserError if the pass has no backward part."""
        if not self.trace.has_gradients:
            why = "the model fed itself" if self.trace.mode == "sample" else "it has no targets"
            raise UserError(
                f"This pass has no gradients: {why}. Look at a training pass (in the window: Esc)."
            )


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the user points: the cursor's step in the layer's part, a chosen loss or state."""

    cursor: int | None = None
    loss: int | None = None
    state: int | None = None


Measure = Callable[[Request, Progress], Any]
Draw = Callable[[Any, Theme, float, Marks], Picture]
