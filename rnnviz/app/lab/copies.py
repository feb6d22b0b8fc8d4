"""Networks of the laboratory's own: copies of the one on the table, in float64."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import parameter_names, true_length
from rnnviz.engine import Batch, Network, State
from rnnviz.trace import ModelSpec, Trace, UserError
from rnnviz.trace.spec import Activation

Array = NDArray[Any]


class Copy:
    """A network with the parameters of a pass, and the pass's one sequence to feed it."""

    def __init__(self, trace: Trace, row: int, activation: Activation | None = None) -> None:
        spec = trace.spec
        if activation and activation != spec.activation:
            spec = _with_activation(spec, activation)
        self.trace = trace
        self.row = row
        self.net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
        self.weights: dict[str, Array] = {
            name: np.asarray(trace[name], np.float64) for name in parameter_names(trace)
        }

    def run(self, changed: dict[str, Array], steps: int | None) -> Trace:
        """The pass with some parameters replaced; `steps` repeats or shortens the sequence, of an
        encoder–decoder the one that is read."""
        self.net.params.assign({**self.weights, **changed})
        batch = self._batch(steps)
        with np.errstate(all="ignore"):
            return self.net.trace(batch, self.trace.labels, begun_in(self.trace, self.row))

    @property
    def grad_norm(self) -> float:
        """‖g‖₂ of all parameters together, of the last pass."""
        with np.errstate(all="ignore"):
            return float(np.linalg.norm(self.net.grads.flat))

    def _batch(self, steps: int | None) -> Batch:
        trace, row, spec = self.trace, self.row, self.trace.spec
        first = spec.prefixes[0]
        n = true_length(trace, first, row)
        wanted = steps or n
        context = trace.get("context")
        given: dict[str, Any] = {}
        if context is not None:
            given["context"] = np.asarray(context[row : row + 1], np.float64)
        if spec.input_kind != "vector" and f"{first}tokens" in trace:
            given["tokens"] = _repeated(trace[f"{first}tokens"][:n, row], wanted)
        else:
            given["x"] = _repeated(np.asarray(trace[f"{first}x"][:n, row], np.float64), wanted)
        if len(spec.prefixes) > 1:
            given["decoder_tokens"] = trace["decoder_tokens"][:, row : row + 1]
            return Batch(**given, targets=trace["targets"][:, row : row + 1])
        targets = trace["targets"][:n, row]
        if spec.kind in ("many-to-one", "one-to-one"):
            answer = targets[-1] if spec.loss == "squared-error" else targets[targets >= 0][-1]
            return Batch(**given, targets=np.asarray(answer)[None])
        return Batch(**given, targets=_repeated(targets, wanted))


def begun_in(trace: Trace, row: int) -> State | None:
    """What a sequence of the pass was handed by the one before; None where it starts by itself."""
    if trace.spec.context_size:
        return None
    prefix, carried, is_own = trace.spec.prefixes[0], {}, True
    for name in trace.spec.layer_names(prefix):
        for kind in ("y",) if trace.spec.cell == "jordan" else ("h", "c"):
            first = trace.get(f"{prefix}{kind}0_{name}")
            if first is None:
                continue
            given, own = np.asarray(first[row]), trace.get(f"{prefix}{kind}_init_{name}")
            carried[f"{prefix}{kind}_{name}"] = given[None]
            is_own &= bool((given == (0.0 if own is None else own)).all())
    return None if is_own else State(carried)


def _repeated(values: Array, steps: int) -> Array:
    """(n, …) as (steps, 1, …): from the beginning again when it is at its end."""
    return np.asarray(values[np.arange(steps) % len(values)][:, None])


def _with_activation(spec: ModelSpec, activation: Activation) -> ModelSpec:
    if spec.gates:
        raise UserError(f"the {spec.cell} cell has fixed activations: leave it as trained")
    return replace(spec, activation=activation)
