"""The pass as if one loss alone counted: its gradient at every number, not at the states only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.analysis.layers import find, true_length
from rnnviz.analysis.replay.network import replay
from rnnviz.trace import Trace, UserError


def single_loss(trace: Trace, loss: int, row: int = 0) -> Trace:
    """The same forward pass with m = 1 at output step ``loss`` of sequence ``row``, else 0.

    Every gradient of the result is ∂L_k/∂(that number), ``dL_dh_l0[t]`` for example
    g_{k,t} = ∂L_k/∂h_t as in ``contributions``, unweighted; ``loss_total`` is L_k. Replayed in
    float64 (``analysis/replay``); arrays and shapes are those of ``trace``.

    Source: as in `contributions`.

    Raises:
        UserError: if the pass has no such loss, or no losses at all.
    """
    if not trace.has_gradients:
        raise UserError("this pass has no losses to walk back; take it from a training pass")
    outputs = true_length(trace, trace.spec.prefixes[-1], row)
    if not 0 <= loss < outputs:
        raise UserError(f"there is no loss at step {loss}; use a step from 0 to {outputs - 1}")
    mask = np.zeros(find(trace, "loss_mask").shape)
    mask[loss, row] = 1.0
    alone = replay(trace.joined({"loss_mask": mask}))
    title = f"loss of step {loss + 1} alone"
    return replace(alone, title=f"{trace.title}: {title}" if trace.title else title)
