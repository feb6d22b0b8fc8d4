"""The numbers inside one cell at one step, taken from the trace by what the node is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import Part, Trace

Vector = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class CellData:
    """One step of one layer and direction, for one sequence of the batch.

    `step` counts from 1 in its part; `column` from 0 on the whole axis. `vectors` holds what the
    trace has of ``h c i f g o r z n m a dh dc da dh_direct`` (H,) or (G·H,), and of the step
    before (in the layer's direction) ``h_before c_before``; ``x`` is what comes from below.
    """

    layer: str
    prefix: str
    column: int
    step: int
    steps: int
    vectors: dict[str, Vector]
    w_hh: Vector | None
    w_xh: Vector | None

    @property
    def reverse(self) -> bool:
        return self.layer.endswith("_reverse")

    @property
    def depth(self) -> int:
        return int(self.layer[1:].split("_")[0])

    def get(self, name: str) -> Vector | None:
        return self.vectors.get(name)

    def norm(self, name: str) -> float | None:
        """Euclidean norm of a vector, or None where the pass has none."""
        found = self.vectors.get(name)
        return None if found is None else float(np.linalg.norm(found.astype(np.float64)))


def cell_data(trace: Trace, node: str, row: int) -> CellData | None:
    """What is inside the cell that computes a state node (``h_l0@3``); None for other nodes."""
    name, _, number = node.rpartition("@")
    if not number.isdigit() or int(number) >= trace.columns:
        return None
    column = int(number)
    part = next(p for p in trace.parts if p.start <= column < p.stop)
    layer = name.removeprefix(part.prefix).removeprefix("h_")
    if layer not in trace.spec.layer_names(part.prefix):
        return None
    t = column - part.start
    vectors: dict[str, Vector] = {}
    for key in ("h", "c", "i", "f", "g", "o", "r", "z", "n", "m", "a"):
        array = trace.get(f"{part.prefix}{key}_{layer}")
        if array is not None:
            vectors[key] = array[t, row]
    for key in ("h", "c", "a", "h_direct"):
        array = trace.get(_gradient_name(key, part.prefix, layer))
        if array is not None:
            vectors[f"d{key}"] = array[t, row]
    before = t + 1 if layer.endswith("_reverse") else t - 1
    for key in ("h", "c"):
        array = trace.get(f"{part.prefix}{key}_{layer}")
        start = trace.get(f"{part.prefix}{key}0_{layer}")
        if array is not None and 0 <= before < part.steps:
            vectors[f"{key}_before"] = array[before, row]
        elif start is not None:
            vectors[f"{key}_before"] = start[row]
    below = _below(trace, part, layer, t, row)
    if below is not None:
        vectors["x"] = below
    w_hh = trace.get(f"{part.prefix}W_hh_{layer}")
    w_xh = trace.get(f"{part.prefix}W_xh_{layer}")
    return CellData(layer, part.prefix, column, t + 1, part.steps, vectors, w_hh, w_xh)


def _gradient_name(key: str, prefix: str, layer: str) -> str:
    name, _, direct = key.partition("_")
    return f"dL_d{prefix}{name}{'_direct' if direct else ''}_{layer}"


def _below(trace: Trace, part: Part, layer: str, t: int, row: int) -> Vector | None:
    depth = int(layer[1:].split("_")[0])
    if depth == 0:
        x = trace.get(f"{part.prefix}x")
        return None if x is None else x[t, row]
    sides = [
        trace.get(f"{part.prefix}h_l{depth - 1}{side}")
        for side in trace.spec.directions(part.prefix)
    ]
    return np.concatenate([side[t, row] for side in sides if side is not None])
