"""One step of each cell on the tape, written as the equations are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rnnviz.analysis.layers import LayerName
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var
from rnnviz.trace import ModelSpec


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

    drive = x.through(weights[name.array("W_xh")]) + weights[name.array("b_h")]
    match spec.cell:
        case "gru":
            W_hh, b_hn = weights[name.array("W_hh")], weights[name.array("b_hn")]
            state, parts = _gru(put, drive, W_hh, b_hn, state)
            record.keep(name.array("a"), step, *parts)
            return state
        case "lstm":
            a = drive + state.h.through(weights[name.array("W_hh")])
            if not spec.peepholes:
                return _lstm(put, put("a", a), (), state)[0]
            peepholes = [weights[name.array(f"w_c{k}")] for k in "ifo"]
            state, parts = _lstm(put, a, peepholes, state)
            record.keep(name.array("a"), step, *parts)
            return state
        case "jordan":
            assert state.y is not None
            a = put("a", drive + state.y.through(weights[name.array("W_yh")]))
            h = put("h", a.tanh() if spec.activation == "tanh" else a.relu())
            y = h.same().through(weights["W_hy"]) + weights["b_y"]
            return CellState(h, y=record.put("logits", step, y))
        case _:
            a = put("a", drive + state.h.through(weights[name.array("W_hh")]))
    return CellState(put("h", a.tanh() if spec.activation == "tanh" else a.relu()))


def _lstm(
    put: Put, a: Var, peepholes: Sequence[Var], state: CellState
) -> tuple[CellState, tuple[Var, ...]]:
    """The new state and the pre-activations of i, f, g, o.

    c = f⊙c′ + i⊙g, h = o⊙tanh(c); peepholes: i and f see c′, o sees c.
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
    return CellState(put("h", o * c.tanh()), c), (a_i, a_f, a_g, a_o)


def _gru(
    put: Put, drive: Var, W_hh: Var, b_hn: Var, state: CellState
) -> tuple[CellState, tuple[Var, ...]]:
    """The new state and the pre-activations of r, z, n (n's comes after r, so not in one piece).

    n = tanh(U_n x + b_n + r⊙m), m = W_n h′ + b_hn, h = (1−z)⊙n + z⊙h′.
    """
    H = state.h.value.shape[-1]
    product = state.h.through(W_hh)
    a_r = drive.block(0, H) + product.block(0, H)
    a_z = drive.block(H, 2 * H) + product.block(H, 2 * H)
    r = put("r", a_r.sigmoid())
    z = put("z", a_z.sigmoid())
    m = put("m", product.block(2 * H, 3 * H) + b_hn)
    a_n = drive.block(2 * H, 3 * H) + r * m
    n = put("n", a_n.tanh())
    return CellState(put("h", z.one_minus() * n + z * state.h)), (a_r, a_z, a_n)
