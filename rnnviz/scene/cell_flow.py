"""The gradient inside a cell: the vector on every path along which it flows, by the path's name.

Everything follows from what the pass recorded: ∂L/∂h, ∂L/∂c and ∂L/∂a of the step, the states, the
gates and the weights. Names: ``next_h above h`` (and ``next_c c``, ``next_y loss y``) are what
arrives and its sum; a gate's letter is the gradient at that gate, ``a_f`` the one behind its slope
(``a`` in a cell without gates), ``h_f`` and ``x_f`` the ones at its two products; ``kept`` goes
straight to the step before, ``back`` through the matrices (in a GRU ``leaves`` is their sum),
``down`` to x.
"""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_data import CellData, Vector, cell_data
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.handover import NOISE, from_above, handed_over, handover_index
from rnnviz.scene.product_backward import at_product, handed_back, is_cut, turned
from rnnviz.scene.product_data import is_padding
from rnnviz.scene.product_norm import normalised_back
from rnnviz.trace import Trace

Flow = dict[str, Vector]


def lengths(trace: Trace, data: CellData) -> dict[str, float]:
    """Euclidean length on every path; a path on which nothing can come is not among them."""
    return _lengths(trace, data.node, data.row)


@of_trace
def _lengths(trace: Trace, node: str, row: int) -> dict[str, float]:
    data = cell_data(trace, node, row)
    found = {} if data is None else flow(trace, data)
    return {name: float(np.linalg.norm(vector)) for name, vector in found.items()}


def flow(trace: Trace, data: CellData) -> Flow:
    """The vectors (H,), (D,) or (V,) by path; empty where the pass has no gradients."""
    dh, da = _own(data, "dh"), _own(data, "da")
    if dh is None or da is None:
        return {}
    found: Flow = {"h": dh}
    if trace.spec.cell == "lstm":
        found |= _lstm(trace, data, dh)
    elif trace.spec.cell == "gru":
        found |= _gru(data, dh, da)
    elif trace.spec.cell == "jordan":
        found |= _output(trace, data)
    found |= _matrices(trace, data, da)
    if trace.spec.cell != "jordan":
        found |= _arriving(trace, data, dh)
    if trace.spec.cell == "gru" and "back" in found and "kept" in found:
        found["leaves"] = found["back"] + found["kept"]
    return found


def _own(data: CellData, name: str) -> Vector | None:
    vector = data.get(name)
    return None if vector is None else vector.astype(np.float64)


def _all(data: CellData, *names: str) -> tuple[Vector, ...] | None:
    found = tuple(vector for name in names if (vector := _own(data, name)) is not None)
    return found if len(found) == len(names) else None


def _after(trace: Trace, data: CellData) -> CellData | None:
    """The cell of the next step, where it hands its gradient on to this one."""
    column = data.neighbours[1]
    if column is None:
        return None
    if data.reverse and is_padding(trace, data.prefix, data.step - 1, data.row):
        # In reverse the first true step starts from h_0, not from the padding that it follows.
        return None
    after = cell_data(trace, f"{data.prefix}h_{data.layer}@{column}", data.row)
    return None if after is None or is_cut(trace, after) else after


def _arriving(trace: Trace, data: CellData, dh: Vector) -> Flow:
    """What reaches h: from the next step, and from above at this one."""
    found: Flow = {}
    above, after = _own(data, "dh_direct"), _after(trace, data)
    given = _from_decoder(trace, data, "h")
    if given is not None and above is not None:
        found["next_h"] = given
        above = from_above(above, given, dh)
    if above is not None and above.any():
        found["above"] = above
    if after is not None and given is None:
        back, kept = handed_back(trace, after), _kept(trace, after)
        if back is not None:
            along = back if kept is None or trace.spec.cell != "gru" else back + kept
            found["next_h"] = along.astype(np.float64)
    return {name: vector for name, vector in found.items() if vector.any()}


def _from_decoder(trace: Trace, data: CellData, letter: str) -> Vector | None:
    """What comes back from the decoder's first step, if the encoder ends with this one."""
    ends = data.step - 1 == handover_index(trace, data.layer, data.row)
    if data.prefix != "encoder_" or not ends:
        return None
    return handed_over(trace, letter, data.layer, data.row)


def _unless_noise(name: str, rest: Vector, whole: Vector) -> Flow:
    big = float(np.linalg.norm(rest)) > NOISE * float(np.linalg.norm(whole))
    return {name: rest} if big else {}


def _kept(trace: Trace, data: CellData) -> Vector | None:
    """What goes to the step before without a matrix: f ⊙ ∂L/∂c, or z ⊙ ∂L/∂h."""
    needed = _all(data, "f", "dc") if trace.spec.cell == "lstm" else _all(data, "z", "dh")
    return None if needed is None else needed[0] * needed[1]


def _matrices(trace: Trace, data: CellData, da: Vector) -> Flow:
    """Behind the slopes: at every product, and through the transposes to what they were given."""
    size, gates = trace.spec.hidden_size, trace.spec.gates
    side = "y" if trace.spec.cell == "jordan" else "h"
    at_h, at_x = at_product(trace, data, side), at_product(trace, data, "x")
    found: Flow = {}
    for letter, vector in (("a", da), ("h", at_h), ("x", at_x)):
        if vector is None:
            continue
        if not gates:
            found[letter if letter == "a" else f"{letter}_a"] = vector
        for number, gate in enumerate(gates):
            found[f"{letter}_{gate}"] = vector[number * size : (number + 1) * size]
    back = handed_back(trace, data)
    if back is not None:
        found["back"] = back
    if at_x is not None and data.w_xh is not None:
        found["down"] = turned(data.w_xh, at_x)
    if "back" in found and "down" in found:
        found["stack"] = np.concatenate([found["back"], found["down"]])
    return found


def _lstm(trace: Trace, data: CellData, dh: Vector) -> Flow:
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t), with peepholes and the norm of c where there are
    any."""
    needed = _all(data, "dc", "i", "f", "g", "o", "h", "c_before", "da")
    if needed is None:
        return {}
    dc, i, f, g, o, h, before, da = needed
    shown = np.divide(h, o, out=np.zeros_like(h), where=o != 0.0)
    found = {
        "c": dc, "kept": f * dc, "f": dc * before, "i": dc * g, "g": dc * i,
        "o": dh * shown, "shown": dh * o,
    }  # fmt: skip
    through: Vector = found["shown"] * (1.0 - shown * shown)
    gain, c = trace.get(f"{data.prefix}gain_c_{data.layer}"), _own(data, "c")
    if trace.spec.layer_norm and gain is not None and c is not None:
        through = normalised_back(c, gain, through, (slice(0, len(c)),))
    found["through"] = through
    for gate, number in (("i", 0), ("f", 1), ("o", 3)):
        weight = trace.get(f"{data.prefix}w_c{gate}_{data.layer}")
        if weight is not None:
            found[f"peep_{gate}"] = weight * da[number * len(dc) : (number + 1) * len(dc)]
    if "peep_o" in found:
        found["peeped"] = found["peep_i"] + found["peep_f"]
    after, given = _after(trace, data), _from_decoder(trace, data, "c")
    if given is not None:
        found["next_c"] = given
    elif after is not None:
        found |= _carried(trace, after)
    return found


def _carried(trace: Trace, after: CellData) -> Flow:
    """What reaches c from the cell of the next step."""
    carried, da = _kept(trace, after), _own(after, "da")
    if carried is None or da is None:
        return {}
    for gate, number in (("i", 0), ("f", 1)):
        weight = trace.get(f"{after.prefix}w_c{gate}_{after.layer}")
        if weight is not None:
            carried = carried + weight * da[number * len(weight) : (number + 1) * len(weight)]
    return {"next_c": carried} if carried.any() else {}


def _gru(data: CellData, dh: Vector, da: Vector) -> Flow:
    """h_t = (1 − z) n + z h_{t-1}, n = tanh(W x + b + r m)."""
    needed = _all(data, "r", "z", "n", "m", "h_before")
    if needed is None:
        return {}
    r, z, n, m, before = needed
    at_n = da[2 * len(z) :]
    return {
        "kept": z * dh, "z_old": dh * before, "z_new": -dh * n, "z": dh * (before - n),
        "n": dh * (1.0 - z), "r": at_n * m, "m": at_n * r,
    }  # fmt: skip


def _output(trace: Trace, data: CellData) -> Flow:
    """A jordan cell is handed the gradient at its output: by the loss, and by the next step."""
    dy, after = _own(data, "dy"), _after(trace, data)
    if dy is None:
        return {}
    found, along = {"y": dy}, None if after is None else handed_back(trace, after)
    if along is not None and along.any():
        found["next_y"] = along
    found |= _unless_noise("loss", dy if along is None else dy - along, dy)
    return found
