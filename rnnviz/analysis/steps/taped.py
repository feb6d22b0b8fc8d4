"""The derivative of any cell's step, taken on a tape instead of by formula."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerRun, layer_inputs, parameter_names
from rnnviz.analysis.replay.cells import CellState, cell_step
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import concatenate
from rnnviz.analysis.replay.weights import NamedWeights
from rnnviz.analysis.steps.base import Steps

Array = NDArray[Any]


class TapedSteps(Steps):
    """One step of S copies of the state, copy k differentiating component k of the new state.

    Reverse-mode differentiation with a batch for the rows of the Jacobian: exact, in float64,
    and some ten times slower than a closed formula. Not for the jordan cell, whose memory is y.
    """

    def __init__(self, run: LayerRun, dtype: Any) -> None:
        H = run.hidden_size
        cells = run.trace.spec.has_cell_state
        super().__init__(run.steps, H, 2 * H if cells else H, dtype)
        self._run = run
        self._inputs = layer_inputs(run.trace, run.name, run.row)[run.time]
        self._previous_c = run.previous("c") if cells else None
        self._known: tuple[int, Array, Array] | None = None

    def jacobian(self, t: int) -> Array:
        return self._derivatives(t)[0].astype(self.dtype)

    def hidden_jacobian(self, t: int) -> Array:
        return self.jacobian(t)[:, : self.hidden_size]

    def input_jacobian(self, t: int) -> Array:
        return self._derivatives(t)[1].astype(self.dtype)

    def pull(self, gradients: Array, t: int, out: Array) -> None:
        np.matmul(gradients, self.jacobian(t), out=out)

    def _derivatives(self, t: int) -> tuple[Array, Array]:
        """(S, S) with respect to the state and (S, D) to the input."""
        if self._known is not None and self._known[0] == t:
            return self._known[1:]
        run, S = self._run, self.state_size
        record = Recorder(())
        leaf = record.tape.leaf
        weights = NamedWeights(
            (name, leaf(run.trace[name]))
            for name in parameter_names(run.trace)
            if name.endswith(f"_{run.name.suffix}")
        )
        x = leaf(np.tile(self._inputs[t], (S, 1)))
        h = leaf(np.tile(run.previous_h[t], (S, 1)))
        c = None if self._previous_c is None else leaf(np.tile(self._previous_c[t], (S, 1)))
        new = cell_step(run.trace.spec, run.name, record, weights, 0, x, CellState(h, c))
        state = new.h if new.c is None else concatenate([new.h, new.c])
        record.tape.backward((state * np.eye(S)).sum())
        parts = [h.gradient] if c is None else [h.gradient, c.gradient]
        self._known = (t, np.concatenate(parts, axis=1), x.gradient)
        return self._known[1:]
