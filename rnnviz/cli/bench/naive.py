"""The plain NumPy way: a loop over time steps, a dictionary of matrices, a copy for each result.

What a careful student writes after the lecture, and what the engine is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnviz.cli.bench.workloads import Workload
from rnnviz.trace.record import Array

Weights = dict[str, Array]


def iteration(workload: Workload) -> Callable[[], None]:
    """Forward, loss, backward, update; one product for every matrix, step and layer."""
    weights = start(workload)
    memory = {name: [np.zeros_like(w), np.zeros_like(w)] for name, w in weights.items()}
    batch = workload.data()
    tokens, targets = np.asarray(batch.tokens), np.asarray(batch.targets)
    count = 0

    def iterate() -> None:
        nonlocal count
        count += 1
        _, grads = loss_and_gradients(workload, weights, tokens, targets)
        for name, w in weights.items():
            _update(workload, w, grads[name], memory[name], count)

    return iterate


def start(workload: Workload) -> Weights:
    """Random weights: ``W_xh0``, ``W_hh0``, both biases as columns, …, ``W_hy``, ``b_y``."""
    rng = np.random.default_rng(0)
    rows = workload.hidden * {"rnn": 1, "lstm": 4, "gru": 3}[workload.cell]
    bound = 1 / np.sqrt(workload.hidden)
    shapes: dict[str, tuple[int, int]] = {}
    for layer in range(workload.layers):
        width = workload.hidden if layer else workload.classes
        shapes[f"W_xh{layer}"], shapes[f"W_hh{layer}"] = (rows, width), (rows, workload.hidden)
        shapes[f"b_h{layer}"] = shapes[f"b_hh{layer}"] = (rows, 1)
    shapes["W_hy"], shapes["b_y"] = (workload.classes, workload.hidden), (workload.classes, 1)
    return {n: rng.uniform(-bound, bound, s).astype(np.float32) for n, s in shapes.items()}


def loss_and_gradients(
    workload: Workload, weights: Weights, tokens: Array, targets: Array
) -> tuple[float, Weights]:
    """Full backpropagation through time for tokens and targets (T, B)."""
    step, step_back = {
        "rnn": (_rnn, _rnn_back),
        "lstm": (_lstm, _lstm_back),
        "gru": (_gru, _gru_back),
    }[workload.cell]
    columns = np.arange(workload.batch)
    dtype = weights["W_hy"].dtype
    zeros = np.zeros((workload.hidden, workload.batch), dtype)
    states = [[(zeros, zeros)] for _ in range(workload.layers)]
    tapes: list[list[Any]] = [[] for _ in range(workload.layers)]
    probs, loss = [], 0.0
    for t in range(workload.steps):
        x = np.zeros((workload.classes, workload.batch), dtype)
        x[tokens[t], columns] = 1
        for layer in range(workload.layers):
            state, tape = step(weights, layer, x, *states[layer][-1])
            states[layer].append(state)
            tapes[layer].append(tape)
            x = state[0]
        y = weights["W_hy"] @ x + weights["b_y"]
        p = np.exp(y - y.max(0))
        p = p / p.sum(0)
        loss -= float(np.log(p[targets[t], columns]).sum()) / workload.batch
        probs.append(p)
    grads = {name: np.zeros_like(w) for name, w in weights.items()}
    carried = [(zeros, zeros) for _ in range(workload.layers)]
    for t in reversed(range(workload.steps)):
        dy = probs[t].copy()
        dy[targets[t], columns] -= 1
        dy /= workload.batch
        grads["W_hy"] += dy @ states[-1][t + 1][0].T
        grads["b_y"] += dy.sum(1, keepdims=True)
        dx = weights["W_hy"].T @ dy
        for layer in reversed(range(workload.layers)):
            dh, dc = dx + carried[layer][0], carried[layer][1]
            dx, carried[layer] = step_back(weights, grads, layer, tapes[layer][t], dh, dc)
    return loss, grads


def _update(workload: Workload, w: Array, g: Array, memory: list[Array], t: int) -> None:
    if workload.optimizer == "adagrad":
        memory[0] += g * g
        w -= workload.learning_rate * g / (np.sqrt(memory[0]) + 1e-10)
        return
    memory[0] = 0.9 * memory[0] + 0.1 * g
    memory[1] = 0.999 * memory[1] + 0.001 * g * g
    mean, square = memory[0] / (1 - 0.9**t), memory[1] / (1 - 0.999**t)
    w -= workload.learning_rate * mean / (np.sqrt(square) + 1e-8)


def _sigmoid(a: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-a))
    return result


def _accumulate(w: Weights, grads: Weights, layer: int, dz: Array, dr: Array, tape: Any) -> Array:
    x, h = tape[0], tape[1]
    grads[f"W_xh{layer}"] += dz @ x.T
    grads[f"W_hh{layer}"] += dr @ h.T
    grads[f"b_h{layer}"] += dz.sum(1, keepdims=True)
    grads[f"b_hh{layer}"] += dr.sum(1, keepdims=True)
    dx: Array = w[f"W_xh{layer}"].T @ dz
    return dx


def _rnn(w: Weights, layer: int, x: Array, h: Array, c: Array) -> Any:
    a = w[f"W_xh{layer}"] @ x + w[f"b_h{layer}"] + w[f"W_hh{layer}"] @ h + w[f"b_hh{layer}"]
    new = np.tanh(a)
    return (new, c), (x, h, new)


def _rnn_back(w: Weights, grads: Weights, layer: int, tape: Any, dh: Array, dc: Array) -> Any:
    dz = (1 - tape[2] * tape[2]) * dh
    return _accumulate(w, grads, layer, dz, dz, tape), (w[f"W_hh{layer}"].T @ dz, dc)


def _lstm(w: Weights, layer: int, x: Array, h: Array, c: Array) -> Any:
    a = w[f"W_xh{layer}"] @ x + w[f"b_h{layer}"] + w[f"W_hh{layer}"] @ h + w[f"b_hh{layer}"]
    ai, af, ag, ao = np.split(a, 4)
    i, f, g, o = _sigmoid(ai), _sigmoid(af), np.tanh(ag), _sigmoid(ao)
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    return (o * tanh_c, new_c), (x, h, c, i, f, g, o, tanh_c)


def _lstm_back(w: Weights, grads: Weights, layer: int, tape: Any, dh: Array, dc: Array) -> Any:
    _, _, c, i, f, g, o, tanh_c = tape
    dc = dc + dh * o * (1 - tanh_c * tanh_c)
    di, df, do = dc * g * i * (1 - i), dc * c * f * (1 - f), dh * tanh_c * o * (1 - o)
    dz = np.concatenate([di, df, dc * i * (1 - g * g), do])
    return _accumulate(w, grads, layer, dz, dz, tape), (w[f"W_hh{layer}"].T @ dz, dc * f)


def _gru(w: Weights, layer: int, x: Array, h: Array, c: Array) -> Any:
    xr, xz, xn = np.split(w[f"W_xh{layer}"] @ x + w[f"b_h{layer}"], 3)
    hr, hz, m = np.split(w[f"W_hh{layer}"] @ h + w[f"b_hh{layer}"], 3)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    n = np.tanh(xn + r * m)
    return ((1 - z) * n + z * h, c), (x, h, r, z, n, m)


def _gru_back(w: Weights, grads: Weights, layer: int, tape: Any, dh: Array, dc: Array) -> Any:
    _, h, r, z, n, m = tape
    dn = dh * (1 - z) * (1 - n * n)
    dr, dz = dn * m * r * (1 - r), dh * (h - n) * z * (1 - z)
    d_input = np.concatenate([dr, dz, dn])
    d_recurrent = np.concatenate([dr, dz, dn * r])
    dx = _accumulate(w, grads, layer, d_input, d_recurrent, tape)
    return dx, (w[f"W_hh{layer}"].T @ d_recurrent + dh * z, dc)
