"""The floor: a pass's bare matrix products and activation functions, and nothing else.

Products have the shapes that a pass cannot do without: the recurrent product of every step
forward and back, the input and output products and all weight gradients once over all steps.
One-hot inputs cost nothing forward (a gather). Activations are one tanh over all gates of a
step (a sigmoid is a tanh), one over the cell state, one exponential for the softmax. No
additions, no elementwise products, no optimiser, no copies.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.cli.bench.workloads import Workload
from rnnviz.trace.record import Array


def iteration(workload: Workload) -> Callable[[], None]:
    """The work of one training iteration that no engine can leave out."""
    layers = [_layer(workload, first=layer == 0) for layer in range(workload.layers)]
    columns, hidden, classes = workload.steps * workload.batch, workload.hidden, workload.classes
    h, logits = _random(hidden, columns), _random(classes, columns)
    matrix = _random(classes, hidden)
    gradient, above = np.empty_like(matrix), np.empty_like(h)
    outputs = np.empty_like(logits)

    def iterate() -> None:
        for layer in layers:
            layer()
        np.dot(matrix, h, outputs)
        np.exp(logits, outputs)
        np.dot(logits, h.T, gradient)
        np.dot(matrix.T, logits, above)

    return iterate


def _layer(workload: Workload, *, first: bool) -> Callable[[], None]:
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[workload.cell]
    steps, hidden, batch = workload.steps, workload.hidden, workload.batch
    width = workload.classes if first else hidden
    rows = gates * hidden
    recurrent, inputs = _random(rows, hidden), _random(rows, width)
    back = np.ascontiguousarray(recurrent.T)
    single = batch == 1
    h = _random(steps, hidden) if single else _random(steps, hidden, batch)
    a = _random(steps, rows) if single else _random(steps, rows, batch)
    x, z = _random(width, steps * batch), _random(rows, steps * batch)
    out_a, out_h = np.empty_like(a), np.empty_like(h)
    d_recurrent, d_inputs = np.empty_like(recurrent), np.empty_like(inputs)
    projected, below = np.empty_like(z), np.empty_like(x)
    states = _random(hidden, steps * batch)
    has_cell_state = workload.cell == "lstm"
    forward = list(zip(h, a, out_a, out_h, strict=True))
    dot, tanh = np.dot, np.tanh

    def iterate() -> None:
        if not first:
            dot(inputs, x, projected)
        for h_t, a_t, out, out_c in forward:
            dot(recurrent, h_t, out)
            tanh(a_t, out)
            if has_cell_state:
                tanh(h_t, out_c)
        for _, a_t, _, out in forward:
            dot(back, a_t, out)
        dot(z, states.T, d_recurrent)
        dot(z, x.T, d_inputs)
        if not first:
            dot(inputs.T, z, below)

    return iterate


def _random(*shape: int) -> Array:
    drawn = np.random.default_rng(len(shape)).uniform(-1, 1, shape)
    return drawn.astype(np.float32)
