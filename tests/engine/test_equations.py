"""Every cell against its equations as they are printed, one step after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec, Trace

D, H, V, STEPS = 3, 4, 2, 7
Array = np.ndarray[Any, Any]


def sigmoid(a: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-a))


def standard(a: Array, *cuts: int) -> Array:
    """The numbers up to each cut, and those after the last, to mean 0 and variance 1."""
    parts = [part - part.mean(axis=1, keepdims=True) for part in np.split(a, cuts, axis=1)]
    return np.concatenate(
        [part / np.sqrt((part**2).mean(axis=1, keepdims=True) + 1e-5) for part in parts], axis=1
    )


def traced(size: int, **cell: Any) -> Trace:
    spec = ModelSpec(
        input_size=D, hidden_size=H, output_size=V, input_kind="vector", loss="squared-error",
        **cell,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    net = Network.create(spec, rng=rng, dtype=np.float64)
    net.params.flat[:] = rng.uniform(-0.9, 0.9, net.params.flat.size)
    x, targets = rng.normal(size=(STEPS, size, D)), rng.normal(size=(STEPS, size, V))
    return net.trace(Batch(x=x, targets=targets))


def steps_by_hand(trace: Trace) -> dict[str, list[Array]]:
    """The tape of ``trace`` from its weights and inputs alone."""
    spec, w = trace.spec, trace
    h, c = trace["h0_l0"] if spec.cell != "jordan" else None, None
    y = trace["y0_l0"] if spec.cell == "jordan" else None
    if spec.cell == "lstm":
        c = trace["c0_l0"]
    tape: dict[str, list[Array]] = {}
    for x in trace["x"]:
        u = x @ w["W_xh_l0"].T
        r = y @ w["W_yh_l0"].T if y is not None else h @ w["W_hh_l0"].T
        if spec.layer_norm:
            cuts = [2 * H] if spec.cell == "gru" else []
            u, r = standard(u, *cuts) * w["gain_x_l0"], standard(r, *cuts) * w["gain_h_l0"]
        u = u + w["b_h_l0"]
        made: dict[str, Array] = {}
        if spec.cell in ("rnn", "jordan"):
            a = u + r
            h = {"tanh": np.tanh, "relu": lambda v: v * (v > 0), "linear": lambda v: v}[
                spec.activation
            ](a)
            made = {"a": a}
        elif spec.cell == "lstm":
            a = [part.copy() for part in np.split(u + r, 4, axis=1)]
            if spec.peepholes:
                a[0] += w["w_ci_l0"] * c
                a[1] += w["w_cf_l0"] * c
            i, f, g = sigmoid(a[0]), sigmoid(a[1]), np.tanh(a[2])
            c = f * c + i * g
            if spec.peepholes:
                a[3] += w["w_co_l0"] * c
            o = sigmoid(a[3])
            shown = standard(c) * w["gain_c_l0"] + w["b_c_l0"] if spec.layer_norm else c
            h = o * np.tanh(shown)
            made = {"a": np.concatenate(a, axis=1), "i": i, "f": f, "g": g, "o": o, "c": c}
        else:
            (u_r, u_z, u_n), (r_r, r_z, r_n) = np.split(u, 3, axis=1), np.split(r, 3, axis=1)
            reset, z, m = sigmoid(u_r + r_r), sigmoid(u_z + r_z), r_n + w["b_hn_l0"]
            n = np.tanh(u_n + reset * m)
            h = (1.0 - z) * n + z * h
            made = {"r": reset, "z": z, "n": n, "m": m}
        made["h"] = h
        logits = h @ w["W_hy"].T + w["b_y"]
        y = logits if y is not None else None
        for name, value in made.items():
            tape.setdefault(f"{name}_l0", []).append(value)
        tape.setdefault("logits", []).append(logits)
    return tape


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    "cell",
    [
        {"cell": "rnn"},
        {"cell": "rnn", "activation": "relu"},
        {"cell": "rnn", "activation": "linear"},
        {"cell": "rnn", "layer_norm": True},
        {"cell": "jordan"},
        {"cell": "lstm"},
        {"cell": "lstm", "peepholes": True},
        {"cell": "lstm", "layer_norm": True},
        {"cell": "gru"},
        {"cell": "gru", "layer_norm": True},
    ],
)
def test_every_number_of_a_pass_is_what_the_equations_say(cell: dict[str, Any], size: int) -> None:
    trace = traced(size, **cell)
    for name, steps in steps_by_hand(trace).items():
        np.testing.assert_allclose(trace[name], steps, rtol=1e-11, atol=1e-11, err_msg=name)
