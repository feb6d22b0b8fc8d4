"""Where gradients start: the losses of a trace, and what each of them sends to the top states."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerName, find
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


def output_gradients(trace: Trace, row: int = 0) -> Array:
    """∂L_k/∂y_k of every step, unmasked: (T, V), zero where a step has no target.

    Cross-entropy: softmax(y_k) − onehot(target); squared error: y_k − target.

    Raises:
        UserError: if the trace has no targets (the model fed itself).
    """
    if "targets" not in trace:
        raise UserError("this trace has no targets and so no losses; take it from a training pass")
    logits = trace["logits"][:, row]
    targets = trace["targets"][:, row]
    if trace.spec.loss == "squared-error":
        return np.asarray((logits - targets).astype(logits.dtype))
    gradient = find(trace, "probs")[:, row].copy()
    known = targets >= 0
    gradient[np.flatnonzero(known), targets[known]] -= 1.0
    gradient[~known] = 0.0
    return gradient


def loss_weights(trace: Trace, row: int = 0) -> Array:
    """m_k of every step (T,): how much each loss counts in ``loss_total``."""
    return np.asarray(find(trace, "loss_mask")[:, row])


def output_weight(trace: Trace, name: LayerName) -> Array:
    """The columns of ``W_hy`` (V, H) that read the top states of this direction."""
    H = trace.spec.hidden_size
    first = H if name.reverse else 0
    return np.asarray(find(trace, "W_hy")[:, first : first + H])
