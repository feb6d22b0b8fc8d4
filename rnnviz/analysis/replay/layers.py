"""The recurrent layers of one part on the tape: states, order of steps, what stands on what."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.layers import Array, LayerName
from rnnviz.analysis.replay.cells import CellState, cell_step
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, concatenate
from rnnviz.trace import ModelSpec

States = dict[str, CellState]


def run_layers(
    spec: ModelSpec,
    prefix: str,
    record: Recorder,
    weights: Mapping[str, Var],
    inputs: list[Var],
    initial: States,
) -> list[Var]:
    """All layers of part ``prefix`` over all steps: ``inputs`` T × (B, D) → T × (B, H or 2H).

    ``initial`` holds the first state of each layer by its suffix (``l0_reverse``).
    """
    features = inputs
    for layer in range(spec.layers):
        outputs = []
        for direction in spec.directions(prefix):
            name = LayerName(prefix, layer, bool(direction))
            outputs.append(run_strand(spec, name, record, weights, features, initial[name.suffix]))
        features = [
            parts[0] if len(parts) == 1 else concatenate(list(parts))
            for parts in zip(*outputs, strict=True)
        ]
    return features


def run_strand(
    spec: ModelSpec,
    name: LayerName,
    record: Recorder,
    weights: Mapping[str, Var],
    inputs: list[Var],
    state: CellState,
) -> list[Var]:
    """One layer in one direction; returns what it hands upwards, in time order.

    What goes up goes through a second name of h_t, so that its gradient is ``dL_dh_direct``.
    """
    steps = range(len(inputs))
    handed: dict[int, Var] = {}
    for step in reversed(steps) if name.reverse else steps:
        state = cell_step(spec, name, record, weights, step, inputs[step], state)
        handed[step] = record.put(name.array("h_direct"), step, state.h.same())
    return [handed[step] for step in steps]


def initial_states(
    spec: ModelSpec, prefix: str, record: Recorder, arrays: Mapping[str, Array], batch: int
) -> States:
    """The first state of every layer as leaves, from ``h0``/``c0`` of the trace (zero if none)."""
    states: States = {}
    for suffix in spec.layer_names(prefix):
        zero = np.zeros((batch, spec.hidden_size))
        h = record.initial(f"{prefix}h0_{suffix}", arrays.get(f"{prefix}h0_{suffix}", zero))
        c = None
        if spec.has_cell_state:
            c = record.initial(f"{prefix}c0_{suffix}", arrays.get(f"{prefix}c0_{suffix}", zero))
        states[suffix] = CellState(h, c)
    return states
