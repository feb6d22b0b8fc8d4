"""The derivative of one step, cell by cell: what Jacobians and contributions are made of."""

from __future__ import annotations

from typing import Any

from rnnviz.analysis.layers import LayerRun
from rnnviz.analysis.steps.base import Steps
from rnnviz.analysis.steps.gru import GruSteps
from rnnviz.analysis.steps.lstm import LstmSteps
from rnnviz.analysis.steps.rnn import RnnSteps
from rnnviz.analysis.steps.taped import TapedSteps

__all__ = ["Steps", "steps_of"]


def steps_of(run: LayerRun, dtype: Any = None) -> Steps:
    """The step derivatives of a layer run, computed in ``dtype`` (the trace's own if None).

    Closed formulas, except for layer-normalised cells, whose steps are differentiated on a tape.
    """
    dtype = run.h.dtype if dtype is None else dtype
    if run.trace.spec.layer_norm:
        return TapedSteps(run, dtype)
    match run.trace.spec.cell:
        case "lstm":
            return LstmSteps(run, dtype)
        case "gru":
            return GruSteps(run, dtype)
        case _:
            return RnnSteps(run, dtype)
