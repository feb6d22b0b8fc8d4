"""One whole pass on the tape, with edits: forward, the losses, backward, as a new trace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.analysis.layers import Array, parameter_names
from rnnviz.analysis.replay.edits import Edit
from rnnviz.analysis.replay.forward import forward, read_tokens
from rnnviz.analysis.replay.padding import check_not_over, silenced
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, cross_entropy, squared_error
from rnnviz.analysis.replay.weights import NamedWeights
from rnnviz.trace import Trace
from rnnviz.trace.arrays import Tape


@np.errstate(over="ignore", invalid="ignore")  # a diverged pass has no numbers, and shows that
def replay(trace: Trace, edits: Sequence[Edit] = ()) -> Trace:
    """The pass of ``trace`` computed again in float64 with ``edits`` applied, as a new trace.

    v̄ = Σ_w w̄ ∂w/∂v over all w that v goes into, back from L̄ = 1; shapes are those of ``trace``.
    Source: Griewank & Walther, *Evaluating Derivatives* (2008), on the reverse mode.

    Uses nothing of ``trace`` but its inputs, targets, masks, initial states and parameters.
    Without edits it equals the engine's trace to rounding.

    Raises:
        UserError: if an edit does not fit the pass or the trace lacks what a pass needs.
    """
    record = Recorder(edits)
    weights = NamedWeights(
        (name, record.parameter(name, np.asarray(trace[name], np.float64)))
        for name in parameter_names(trace)
    )
    logits = forward(trace, record, weights)
    arrays: Tape = {name: trace.given(name) for name in trace if _is_given(name)}
    for prefix in trace.spec.prefixes:
        tokens = read_tokens(trace, prefix, record)
        if tokens is not None:
            arrays[f"{prefix}tokens"] = tokens
    if trace.has_gradients:
        arrays |= _losses(trace, record, logits)
    record.check_all_used()
    check_not_over(trace, edits, record.names)
    arrays |= _recorded(trace, record)
    return trace.recomputed(arrays)


def _is_given(name: str) -> bool:
    """Whether a pass is given that array and does not compute it."""
    exactly = ("targets", "lengths", "context", "cuts", "pictures", "loss_mask", "sampled")
    return name in exactly or "dropout_l" in name


def _losses(trace: Trace, record: Recorder, logits: list[Var]) -> dict[str, Array]:
    """Fill all gradients; ``loss`` (T, B) and ``loss_total`` ()."""
    loss_of = cross_entropy if trace.spec.loss == "cross-entropy" else squared_error
    losses = [loss_of(y, trace["targets"][step]) for step, y in enumerate(logits)]
    total = record.tape.leaf(np.zeros(()))
    for step, loss in enumerate(losses):
        total = total + (loss * np.asarray(trace["loss_mask"][step], np.float64)).sum()
    record.tape.backward(total)
    return {"loss": np.stack([loss.value for loss in losses]), "loss_total": total.value}


def _recorded(trace: Trace, record: Recorder) -> dict[str, Array]:
    """Values and gradients by documented name."""
    arrays = {name: record.values(name) for name in record.names if "h_direct" not in name}
    arrays |= silenced(trace, arrays, record.parameters["b_y"].value)
    arrays |= {name: var.value for name, var in record.parameters.items()}
    arrays |= {name: var.value for name, var in record.initials.items()}
    if trace.spec.loss == "cross-entropy":
        raised = np.exp(arrays["logits"] - arrays["logits"].max(axis=-1, keepdims=True))
        arrays["probs"] = raised / raised.sum(axis=-1, keepdims=True)
    if trace.has_gradients:
        arrays |= {f"dL_d{name}": record.gradients(name) for name in record.names}
        leaves = record.parameters | record.initials
        arrays |= {f"dL_d{name}": var.gradient for name, var in leaves.items()}
    return arrays
