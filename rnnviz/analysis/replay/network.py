"""One whole pass on the tape, with edits: forward, the losses, backward, as a new trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from rnnviz.analysis.layers import Array, parameter_names
from rnnviz.analysis.replay.edits import Edit, edited_tokens
from rnnviz.analysis.replay.initial import initial_states
from rnnviz.analysis.replay.layers import Part
from rnnviz.analysis.replay.pooling import pooled
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, cross_entropy, squared_error
from rnnviz.analysis.saturation import counted_steps
from rnnviz.trace import ModelSpec, Trace, UserError


def replay(trace: Trace, edits: Sequence[Edit] = ()) -> Trace:
    """The pass of ``trace`` computed again in float64 with ``edits`` applied, as a new trace.

    Uses nothing of ``trace`` but its inputs, targets, masks, initial states and parameters.
    Without edits it equals the engine's trace to rounding.

    Raises:
        UserError: if an edit does not fit the pass or the trace lacks what a pass needs.
    """
    _check_supported(trace.spec)
    record = Recorder(edits)
    weights = {
        name: record.parameter(name, np.asarray(trace[name], np.float64))
        for name in parameter_names(trace)
    }
    tokens = _tokens(trace, record)
    logits = _forward(trace, record, weights, tokens)
    arrays = {name: np.asarray(trace[name]) for name in _GIVEN if name in trace}
    if tokens is not None:
        arrays["tokens"] = tokens
    if trace.has_gradients:
        arrays |= _losses(trace, record, logits)
    record.check_all_used()
    arrays |= _recorded(trace, record)
    return replace(trace, arrays=arrays, update=None)


_GIVEN = ("targets", "lengths", "context", "cuts", "pictures", "loss_mask")


def _check_supported(spec: ModelSpec) -> None:
    missing = [
        word
        for word, present in (
            ("encoder–decoder models", spec.kind == "many-to-many"),
            ("layer-normalised cells", spec.layer_norm),
        )
        if present
    ]
    if missing:
        raise UserError(f"what-if cannot replay {' and '.join(missing)}")


def _tokens(trace: Trace, record: Recorder) -> Array | None:
    tokens = trace.get("tokens")
    if tokens is None:
        return None
    edits = record.edits_of("tokens")
    return edited_tokens(tokens, edits, trace.spec.input_size) if edits else np.asarray(tokens)


def _inputs(
    trace: Trace, record: Recorder, weights: Mapping[str, Var], tokens: Array | None
) -> list[Var]:
    """x_t (B, D) of every step: looked up, written out as one-hot rows, or as given."""
    spec = trace.spec
    inputs = []
    for step in range(trace.columns):
        if tokens is not None and spec.input_kind == "embedding":
            x = weights["embedding"].rows(tokens[step])
        elif tokens is not None:
            x = record.tape.leaf(np.eye(spec.input_size)[tokens[step]])
        else:
            x = record.tape.leaf(trace["x"][step])
        inputs.append(record.put("x", step, x.same()))
    return inputs


def _forward(
    trace: Trace, record: Recorder, weights: Mapping[str, Var], tokens: Array | None
) -> list[Var]:
    spec = trace.spec
    inputs = _inputs(trace, record, weights, tokens)
    initial = initial_states(trace, "", record, weights)
    cuts = frozenset(int(cut) for cut in trace.arrays.get("cuts", ()) if cut > 0)
    counted = counted_steps(trace)
    part = Part(spec, "", record, weights, trace.arrays, counted, cuts)
    top = part.run(inputs, initial)
    if spec.cell == "jordan":
        return [record.kept("logits", step) for step in range(len(top))]
    return [
        record.put("logits", step, h.through(weights["W_hy"]) + weights["b_y"])
        for step, h in enumerate(pooled(spec, top))
    ]


def _losses(trace: Trace, record: Recorder, logits: list[Var]) -> dict[str, Array]:
    """Fill all gradients; ``loss`` (T, B) and ``loss_total`` ()."""
    ce = trace.spec.loss == "cross-entropy"
    losses = [
        (cross_entropy if ce else squared_error)(y, trace["targets"][step])
        for step, y in enumerate(logits)
    ]
    total = record.tape.leaf(np.zeros(()))
    for step, loss in enumerate(losses):
        total = total + (loss * np.asarray(trace["loss_mask"][step], np.float64)).sum()
    record.tape.backward(total)
    return {"loss": np.stack([loss.value for loss in losses]), "loss_total": total.value}


def _recorded(trace: Trace, record: Recorder) -> dict[str, Array]:
    """Values and gradients by documented name."""
    direct = [name for name in record.names if "h_direct" in name]
    arrays = {name: record.values(name) for name in record.names if name not in direct}
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
