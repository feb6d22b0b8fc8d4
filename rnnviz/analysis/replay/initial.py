"""The first state of every layer: carried, learned, made from a context, or zero."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.layers import Array
from rnnviz.analysis.replay.cells import CellState
from rnnviz.analysis.replay.layers import States
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, concatenate
from rnnviz.trace import Trace


def initial_states(
    trace: Trace, prefix: str, record: Recorder, weights: Mapping[str, Var]
) -> States:
    """By layer suffix, from where this pass had it.

    A pass that carried its state from an earlier window (a cut before step 0) starts from the
    numbers in the trace; otherwise a learned state or the context is part of the computation
    and receives gradient.
    """
    carried = 0 in trace.arrays.get("cuts", ())
    batch = trace.batch_size
    states: States = {}
    for suffix in trace.spec.layer_names(prefix):

        def first(kind: str, width: int, suffix: str = suffix) -> Var:
            name = f"{prefix}{kind}0_{suffix}"
            value: Var | None = None
            # Where there is a context, the state that it sets goes before a learned one.
            if not carried and name == "h0_l0" and trace.get("context") is not None:
                context = record.tape.leaf(np.asarray(trace["context"]))
                context = record.initial("context", context)
                value = (context.through(weights["W_ch"]) + weights["b_ch"]).tanh()
            elif not carried and f"{prefix}{kind}_init_{suffix}" in weights:
                zero = record.tape.leaf(np.zeros((batch, width)))
                value = zero + weights[f"{prefix}{kind}_init_{suffix}"]
            if value is None:
                value = record.tape.leaf(_given(trace, name, (batch, width)))
            return record.initial(name, value)

        spec = trace.spec
        if spec.cell == "jordan":
            unused = record.tape.leaf(np.zeros((batch, spec.hidden_size)))
            states[suffix] = CellState(unused, y=first("y", spec.output_size))
            continue
        h = first("h", spec.hidden_size)
        states[suffix] = CellState(h, first("c", spec.hidden_size) if spec.has_cell_state else None)
    return states


def bridged_states(
    trace: Trace, record: Recorder, weights: Mapping[str, Var], finals: States
) -> States:
    """The decoder's first states: the encoder's last ones, or W_bridge [forward; reverse]."""
    states: States = {}
    for layer in range(trace.spec.layers):
        ends = [finals[f"l{layer}{direction}"] for direction in trace.spec.directions("encoder_")]
        made: list[Var] = []
        for kind in ("h", "c") if trace.spec.has_cell_state else ("h",):
            parts = [end.h if kind == "h" else end.c for end in ends]
            known = [part for part in parts if part is not None]
            value = known[0]
            if len(known) == 2:
                value = concatenate(known).through(weights[f"W_bridge_{kind}_l{layer}"])
            made.append(record.initial(f"decoder_{kind}0_l{layer}", value))
        states[f"l{layer}"] = CellState(*made)
    return states


def _given(trace: Trace, name: str, shape: tuple[int, int]) -> Array:
    value = trace.get(name)
    return np.zeros(shape) if value is None else np.asarray(value, np.float64)
