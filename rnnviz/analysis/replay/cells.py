"""One step of each cell on the tape, written as the equations are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rnnviz.analysis.layers import LayerName
from rnnviz.analysis.replay.normalisation import normalised, normed_widths
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation


class CellState(NamedTuple):
    """What a cell carries: h (B, H), the LSTM's c (B, H), the jordan cell's output y (B, V)."""

    h: Var
    c: Var | None = None
    y: Var | None = None


Put = Callable[[str, Var], Var]


def cell_step(
    spec: ModelSpec,
    name: LayerName,
    record: Recorder,
    weights: Mapping[str, Var],
    step: int,
    x: Var,
    state: CellState,
) -> CellState:
    """s_t from s_{t−1} and x_t (B, D); every intermediate goes through ``record``."""

    def put(array: str, value: Var) -> Var:
        return record.put(name.array(array), step, value)

    def weight(array: str) -> Var:
        return weights[name.array(array)]

    carried, matrix = (state.y, "W_yh") if spec.cell == "jordan" else (state.h, "W_hh")
    assert carried is not None
    product, drive = carried.through(weight(matrix)), x.through(weight("W_xh"))
    if spec.layer_norm:
        widths = normed_widths(spec)
        product = normalised(product, weight("gain_h"), widths)
        drive = normalised(drive, weight("gain_x"), widths)
    drive = drive + weight("b_h")
    if spec.cell == "gru":
        state, parts = _gru(put, drive, product, weight("b_hn"), state)
        record.keep(name.array("a"), step, *parts)
        return state
    a = drive + product
    if spec.cell == "lstm" and spec.peepholes:
        state, parts = _lstm(put, a, [weight(f"w_c{k}") for k in "ifo"], [], state)
        record.keep(name.array("a"), step, *parts)
        return state
    a = put("a", a)
    if spec.cell == "lstm":
        norm = [weight("gain_c"), weight("b_c")] if spec.layer_norm else []
        return _lstm(put, a, [], norm, state)[0]
    h = put("h", _activated(a, spec.activation))
    if spec.cell == "jordan":
        y = h.same().through(weights["W_hy"]) + weights["b_y"]
        return CellState(h, y=record.put("logits", step, y))
    return CellState(h)


def _activated(a: Var, activation: Activation) -> Var:
    if activation == "linear":
        return a.same()
    return a.tanh() if activation == "tanh" else a.relu()


def _lstm(
    put: Put, a: Var, peepholes: Sequence[Var], norm: Sequence[Var], state: CellState
) -> tuple[CellState, tuple[Var, ...]]:
    """The new state and the pre-activations of i, f, g, o.

    c = f⊙c′ + i⊙g, h = o⊙tanh(c); peepholes: i and f see c′, o sees c. ``norm``
    (gain_c, b_c): h = o⊙tanh(LN(c) + b_c).
    """
    assert state.c is not None
    H = state.h.value.shape[-1]
    a_i, a_f, a_g, a_o = (a.block(k * H, (k + 1) * H) for k in range(4))
    if peepholes:
        a_i = a_i + state.c * peepholes[0]
        a_f = a_f + state.c * peepholes[1]
    i, f = put("i", a_i.sigmoid()), put("f", a_f.sigmoid())
    g = put("g", a_g.tanh())
    c = put("c", f * state.c + i * g)
    if peepholes:
        a_o = a_o + c * peepholes[2]
    o = put("o", a_o.sigmoid())
    shown = normalised(c, norm[0], (H,)) + norm[1] if norm else c
    return CellState(put("h", o * shown.tanh()), c), (a_i, a_f, a_g, a_o)


def _gru(
    put: Put, drive: Var, product: Var, b_hn: Var, state: CellState
) -> tuple[CellState, tuple[Var, ...]]:
    """The new state and the pre-activations of r, z, n (n's comes after r, so not in one piece).

    n = tanh(U_n x + b_n + r⊙m), m = W_n h′ + b_hn, h = (1−z)⊙n + z⊙h′.
    """
    H = state.h.value.shape[-1]
    a_r = drive.block(0, H) + product.block(0, H)
    a_z = drive.block(H, 2 * H) + product.block(H, 2 * H)
    r = put("r", a_r.sigmoid())
    z = put("z", a_z.sigmoid())
    m = put("m", product.block(2 * H, 3 * H) + b_hn)
    a_n = drive.block(2 * H, 3 * H) + r * m
    n = put("n", a_n.tanh())
    return CellState(put("h", z.one_minus() * n + z * state.h)), (a_r, a_z, a_n)
