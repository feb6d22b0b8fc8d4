"""The way of the losses down to one layer, ready to be swept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerName, LayerRun, layer_run
from rnnviz.analysis.losses import output_gradients, output_weight
from rnnviz.analysis.steps import Steps, steps_of
from rnnviz.analysis.steps.lstm import LstmSteps
from rnnviz.analysis.sweep import Gradients, Seeds, sweep
from rnnviz.trace import Trace

Array = NDArray[Any]
Part = Literal["h", "c"]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The layers from the asked one up to the top, ready to be swept."""

    target: LayerRun
    top: LayerRun
    steps: tuple[Steps, ...]
    output_gradients: Array
    cuts: tuple[int, ...]

    @classmethod
    def of(cls, trace: Trace, name: LayerName, row: int, dtype: Any) -> Walk:
        layers = range(name.layer, trace.spec.layers)
        runs = [layer_run(trace, LayerName("", k, name.reverse), row) for k in layers]
        steps = tuple(steps_of(run, dtype) for run in runs)
        top = runs[-1]
        sent = output_gradients(trace, row)[top.time] @ output_weight(trace, top.name)
        return cls(runs[0], top, steps, sent.astype(steps[-1].dtype), cuts_of(trace, top))

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.steps[0].dtype

    def seeds(self) -> Seeds:
        return Seeds.one_per_step(self.output_gradients)

    def back(self, seeds: Seeds) -> Iterator[Gradients]:
        """Only what reaches the asked layer."""
        residual = self.target.trace.spec.residual
        return (g for g in sweep(self.steps, seeds, self.cuts, residual) if g.layer == 0)

    def part(self, held: Gradients, part: Part) -> Array:
        """∂/∂h_t, or the total ∂/∂c_t, of every row: (rows, H)."""
        lowest = self.steps[0]
        H = lowest.hidden_size
        if part == "c" and isinstance(lowest, LstmSteps):
            through_h = held.scaled[:, :H] * lowest.expose[held.step]
            return np.asarray(held.scaled[:, H:] + through_h)
        return held.scaled if lowest.state_size == H else held.scaled[:, :H]


def cuts_of(trace: Trace, run: LayerRun) -> tuple[int, ...]:
    """Processing steps before which truncated BPTT lets no gradient go."""
    cuts = trace.get("cuts")
    if cuts is None:
        return ()
    return tuple(int(cut) for cut in cuts if 0 < cut < run.steps)


def can_sweep(trace: Trace, part: Part = "h") -> bool:
    """Whether losses go back through one direction of plain layers, step by step.

    At c the way from c_t to h_t is needed by itself, which only the formula of the LSTM has.
    """
    spec = trace.spec
    one_way = spec.layers == 1 or not spec.bidirectional
    last_of_both = spec.bidirectional and spec.head == "last"
    plain = spec.kind != "many-to-many" and spec.head not in ("mean", "max")
    dropped = any(name.startswith("dropout_l") for name in trace)
    formula = part == "h" or not spec.layer_norm
    return one_way and plain and formula and not last_of_both and not dropped
