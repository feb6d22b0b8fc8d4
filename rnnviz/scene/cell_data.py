"""The numbers inside one cell at one step, taken from the trace by what the node is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.handover import true_steps
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.trace import Part, Trace

Vector = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class CellData:
    """One step of one layer and direction, for one sequence of the batch.

    `step` counts from 1 in its part, of which the sequence has so many `steps` (in the padding,
    all); `column` counts from 0 on the whole axis. `vectors` holds what the trace has of
    ``h c i f g o r z n m a dh dc da dh_direct`` (H,) or (G·H,), and of the step before (in the
    layer's direction) ``h_before c_before``; ``x`` is what comes from below.
    A jordan cell has ``y y_before dy`` (V,) too, and `w_hh` is its W_yh; `w_hy` is the output's.
    """

    layer: str
    prefix: str
    column: int
    step: int
    steps: int
    vectors: dict[str, Vector]
    w_hh: Vector | None
    w_xh: Vector | None
    w_hy: Vector | None = None
    token: str = ""
    """The word that the lowest layer reads here, as text."""
    row: int = 0
    """Which sequence of the batch this is."""

    @property
    def node(self) -> str:
        """The state that this cell computes, as an id."""
        return f"{self.prefix}h_{self.layer}@{self.column}"

    @property
    def before(self) -> int:
        """The step (from 1) whose state is carried on here."""
        return self.step + (1 if self.reverse else -1)

    @property
    def neighbours(self) -> tuple[int | None, int | None]:
        """Columns of the step before and of the step after in the layer's direction."""
        first = self.column - self.step + 1
        way = -1 if self.reverse else 1
        found = [
            c if first <= c < first + self.steps else None
            for c in (self.column - way, self.column + way)
        ]
        return found[0], found[1]

    @property
    def reverse(self) -> bool:
        return self.layer.endswith("_reverse")

    @property
    def depth(self) -> int:
        return int(self.layer[1:].split("_")[0])

    def get(self, name: str) -> Vector | None:
        return self.vectors.get(name)

    def by_hand(self, trace: Trace, name: str) -> frozenset[int]:
        """Units of a vector that a what-if has put in the place of the computed ones."""
        if not trace.by_hand or (values := self.get(name)) is None:
            return frozenset()
        array, step = f"{self.prefix}{name}_{self.layer}", self.step - 1
        return frozenset(
            unit for unit in range(len(values)) if trace.is_by_hand(array, step, self.row, unit)
        )

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
    t, steps = column - part.start, true_steps(trace, part.prefix, row)
    vectors: dict[str, Vector] = {}
    for key in ("h", "c", "i", "f", "g", "o", "r", "z", "n", "m", "a"):
        array = trace.get(f"{part.prefix}{key}_{layer}")
        if array is not None:
            vectors[key] = array[t, row]
    for key in ("h", "c", "a", "h_direct"):
        array = trace.get(_gradient_name(key, part.prefix, layer))
        if array is not None:
            vectors[f"d{key}"] = array[t, row]
    _before(trace, part, layer, t, row, vectors)
    below = handed_up(trace, part, int(layer[1:].split("_")[0]) - 1, t, row)
    if below is not None:
        vectors["x"] = below
    recurrent = "W_hh"
    if trace.spec.cell == "jordan":
        recurrent = "W_yh"
        for key, name in (("y", "logits"), ("dy", "dL_dlogits")):
            if (array := trace.get(name)) is not None:
                vectors[key] = array[t, row]
    return CellData(
        layer, part.prefix, column, t + 1, steps if t < steps else part.steps, vectors,
        trace.get(f"{part.prefix}{recurrent}_{layer}"),
        trace.get(f"{part.prefix}W_xh_{layer}"),
        trace.get("W_hy"),
        _token(trace, part, layer, t, row),
        row,
    )  # fmt: skip


def _token(trace: Trace, part: Part, layer: str, t: int, row: int) -> str:
    labels = trace.labels
    rows = labels.decoder_inputs if part.prefix == "decoder_" else labels.inputs
    words = rows[row] if row < len(rows) else ()
    read = words[t] if t < len(words) and layer.startswith("l0") else ""
    return visible_token(read) if read else ""


def _before(
    trace: Trace, part: Part, layer: str, t: int, row: int, vectors: dict[str, Vector]
) -> None:
    """Add what the step before, in the layer's direction, hands on."""
    reverse = layer.endswith("_reverse")
    steps = true_steps(trace, part.prefix, row) if reverse else part.steps
    before = t + 1 if reverse else t - 1
    for key, name in (("h", "h"), ("c", "c"), ("y", "y")):
        whole = "logits" if key == "y" else f"{part.prefix}{name}_{layer}"
        if key == "y" and trace.spec.cell != "jordan":
            continue
        array, start = trace.get(whole), trace.get(f"{part.prefix}{name}0_{layer}")
        if array is not None and 0 <= before < steps:
            vectors[f"{key}_before"] = array[before, row]
        elif start is not None:
            vectors[f"{key}_before"] = start[row]
        elif key == "y" and array is not None:
            vectors["y_before"] = np.zeros_like(array[0, row])


def _gradient_name(key: str, prefix: str, layer: str) -> str:
    name, _, direct = key.partition("_")
    return f"dL_d{prefix}{name}{'_direct' if direct else ''}_{layer}"


def handed_up(trace: Trace, part: Part, depth: int, t: int, row: int) -> Vector | None:
    """What layer `depth` hands to the one above at a step: u = dropout(h) (+ u of the layer
    below with residual sums), both directions side by side; the input below the lowest layer."""
    if depth < 0:
        x = trace.get(f"{part.prefix}x")
        return None if x is None else x[t, row]
    sides = [
        trace.get(f"{part.prefix}h_l{depth}{side}") for side in trace.spec.directions(part.prefix)
    ]
    if any(side is None for side in sides):
        return None
    up: Vector = np.concatenate([side[t, row] for side in sides if side is not None])
    mask = trace.get(f"{part.prefix}dropout_l{depth}")
    if mask is not None:
        up = up * mask[t, row]
    if trace.spec.residual and depth > 0:
        under = handed_up(trace, part, depth - 1, t, row)
        if under is not None and under.shape == up.shape:
            up = up + under
    return up
