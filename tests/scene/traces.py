"""Small real traces for the tests of the scene: a plain NumPy network, written out step by step.

It is deliberately naive and independent of the engine: vanilla, LSTM and GRU cells, stacked and in
both directions, softmax cross-entropy, full backpropagation through time.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import Labels, ModelSpec, Trace, Update
from rnnviz.trace.spec import Activation

Floats = NDArray[np.floating[Any]]
Arrays = dict[str, Any]
SLOPES: dict[Activation, Any] = {
    "tanh": lambda h: 1 - h**2, "relu": lambda h: h > 0, "linear": lambda h: 1.0,
}  # fmt: skip
FUNCTIONS: dict[Activation, Any] = {
    "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0), "linear": lambda a: a,
}  # fmt: skip


def sigmoid(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-x))


def parameters(spec: ModelSpec, seed: int = 0) -> Arrays:
    """Small random weights under their documented names."""
    rng = np.random.default_rng(seed)
    blocks = max(1, len(spec.gates))
    hidden, params = spec.hidden_size, {}
    for number, name in enumerate(spec.layer_names()):
        layer = number // len(spec.directions())
        width = spec.input_size if layer == 0 else hidden * len(spec.directions())
        params[f"W_xh_{name}"] = rng.normal(
            0, 0.7 / np.sqrt(min(width, 4)), (blocks * hidden, width)
        )
        params[f"W_hh_{name}"] = rng.normal(0, 0.9 / np.sqrt(hidden), (blocks * hidden, hidden))
        params[f"b_h_{name}"] = rng.normal(0, 0.1, blocks * hidden)
        if spec.cell == "gru":
            params[f"b_hn_{name}"] = rng.normal(0, 0.1, hidden)
    params["W_hy"] = rng.normal(
        0, 1 / np.sqrt(hidden), (spec.output_size, hidden * len(spec.directions()))
    )
    params["b_y"] = np.zeros(spec.output_size)
    return params


def _layer_forward(spec: ModelSpec, p: Arrays, name: str, x: Floats) -> Arrays:
    time, batch, _ = x.shape
    hidden, out = spec.hidden_size, {}
    keys = {"rnn": ("h",), "lstm": ("h", "c", *"ifgo"), "gru": ("h", "m", *"rzn")}[spec.cell]
    out = {key: np.zeros((time, batch, hidden)) for key in keys}
    out["a"] = np.zeros((time, batch, hidden * max(1, len(spec.gates))))
    h, c = np.zeros((batch, hidden)), np.zeros((batch, hidden))
    order = range(time) if not name.endswith("reverse") else reversed(range(time))
    for t in order:
        from_x = x[t] @ p[f"W_xh_{name}"].T + p[f"b_h_{name}"]
        from_h = h @ p[f"W_hh_{name}"].T
        a = from_x + from_h
        if spec.cell == "rnn":
            h = FUNCTIONS[spec.activation](a)
        elif spec.cell == "lstm":
            i, f, g, o = np.split(a, 4, axis=1)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            c = f * c + i * g
            h = o * np.tanh(c)
            for key, value in zip("ifgoc", (i, f, g, o, c), strict=True):
                out[key][t] = value
        else:
            m = from_h[:, 2 * hidden :] + p[f"b_hn_{name}"]
            r, z = sigmoid(a[:, :hidden]), sigmoid(a[:, hidden : 2 * hidden])
            a = np.concatenate([a[:, : 2 * hidden], from_x[:, 2 * hidden :] + r * m], axis=1)
            n = np.tanh(a[:, 2 * hidden :])
            h = (1 - z) * n + z * h
            for key, value in zip("rznm", (r, z, n, m), strict=True):
                out[key][t] = value
        out["a"][t], out["h"][t] = a, h
    return {f"{key}_{name}": value for key, value in out.items()} | {
        f"h0_{name}": np.zeros((batch, hidden)),
        **({f"c0_{name}": np.zeros((batch, hidden))} if spec.cell == "lstm" else {}),
    }


def _layer_backward(
    spec: ModelSpec, p: Arrays, name: str, x: Floats, s: Arrays, direct: Floats
) -> tuple[Arrays, Floats]:
    time, batch, hidden = direct.shape
    reverse = name.endswith("reverse")
    grads: Arrays = {key: np.zeros_like(p[f"{key}_{name}"]) for key in ("W_xh", "W_hh", "b_h")}
    if spec.cell == "gru":
        grads["b_hn"] = np.zeros(hidden)
    total, cell = np.zeros_like(direct), np.zeros_like(direct)
    da_all, dx = np.zeros_like(s[f"a_{name}"]), np.zeros_like(x)
    norms = {key: np.zeros(time) for key in ("W_xh", "W_hh")}
    dh, dc = np.zeros((batch, hidden)), np.zeros((batch, hidden))
    zero = np.zeros((batch, hidden))
    for t in range(time) if reverse else reversed(range(time)):
        before = t + 1 if reverse else t - 1
        inside = 0 <= before < time
        h_prev = s[f"h_{name}"][before] if inside else zero
        dh = dh + direct[t]
        total[t] = dh
        h = s[f"h_{name}"][t]
        if spec.cell == "rnn":
            da = dh * SLOPES[spec.activation](h)
            da_h, dh_rest = da, 0.0
        elif spec.cell == "lstm":
            i, f, g, o = (s[f"{key}_{name}"][t] for key in "ifgo")
            tc = np.tanh(s[f"c_{name}"][t])
            c_prev = s[f"c_{name}"][before] if inside else zero
            dc = dc + dh * o * (1 - tc**2)
            cell[t] = dc
            da = np.concatenate(
                [
                    dc * g * i * (1 - i),
                    dc * c_prev * f * (1 - f),
                    dc * i * (1 - g**2),
                    dh * tc * o * (1 - o),
                ],
                axis=1,
            )
            dc = dc * f
            da_h, dh_rest = da, 0.0
        else:
            r, z, n, m = (s[f"{key}_{name}"][t] for key in "rznm")
            dn = dh * (1 - z) * (1 - n**2)
            dz = dh * (h_prev - n) * z * (1 - z)
            dr = dn * m * r * (1 - r)
            da = np.concatenate([dr, dz, dn], axis=1)
            da_h = np.concatenate([dr, dz, dn * r], axis=1)
            grads["b_hn"] += (dn * r).sum(0)
            dh_rest = dh * z
        da_all[t] = da
        share_h, share_x = da_h.T @ h_prev, da.T @ x[t]
        norms["W_hh"][t], norms["W_xh"][t] = np.linalg.norm(share_h), np.linalg.norm(share_x)
        grads["W_hh"] += share_h
        grads["W_xh"] += share_x
        grads["b_h"] += da.sum(0)
        dx[t] = da @ p[f"W_xh_{name}"]
        dh = da_h @ p[f"W_hh_{name}"] + dh_rest
    out = {f"dL_d{key}_{name}": value for key, value in grads.items()}
    out |= {f"step_norm_{key}_{name}": value for key, value in norms.items()}
    out |= {
        f"dL_dh_{name}": total,
        f"dL_dh_direct_{name}": direct,
        f"dL_da_{name}": da_all,
        f"dL_dh0_{name}": dh,
    }
    if spec.cell == "lstm":
        out[f"dL_dc_{name}"] = cell
    return out, dx


def run(
    spec: ModelSpec, p: Arrays, tokens: NDArray[np.int64], targets: NDArray[np.int64]
) -> Arrays:
    """One pass, forward and backward; tokens and targets (T, B), target -1 is not counted."""
    batch = tokens.shape[1]
    arrays: Arrays = {"x": np.eye(spec.input_size)[tokens], "tokens": tokens, "targets": targets}
    below, inputs = arrays["x"], []
    sides = spec.directions()
    for layer in range(spec.layers):
        inputs.append(below)
        for side in sides:
            arrays |= _layer_forward(spec, p, f"l{layer}{side}", below)
        below = np.concatenate([arrays[f"h_l{layer}{side}"] for side in sides], axis=2)
    logits = below @ p["W_hy"].T + p["b_y"]
    shifted = logits - logits.max(2, keepdims=True)
    probs = np.exp(shifted) / np.exp(shifted).sum(2, keepdims=True)
    index = np.maximum(targets, 0)[..., None]
    loss = -np.log(np.take_along_axis(probs, index, 2))[..., 0]
    mask = (targets >= 0) / batch
    hot = np.zeros_like(probs)
    np.put_along_axis(hot, index, 1.0, 2)
    d_logits = (probs - hot) * mask[..., None]
    arrays |= {"logits": logits, "probs": probs, "loss": loss, "loss_mask": mask}
    arrays |= {"loss_total": np.array((loss * mask).sum()), "dL_dlogits": d_logits}
    arrays["dL_dW_hy"] = np.einsum("tbv,tbh->vh", d_logits, below)
    arrays["dL_db_y"] = d_logits.sum((0, 1))
    arrays["step_norm_W_hy"] = np.linalg.norm(
        np.einsum("tbv,tbh->tvh", d_logits, below), axis=(1, 2)
    )
    above = d_logits @ p["W_hy"]
    for layer in reversed(range(spec.layers)):
        into = np.zeros_like(inputs[layer])
        for side, direct in zip(sides, np.split(above, len(sides), axis=2), strict=True):
            grads, dx = _layer_backward(spec, p, f"l{layer}{side}", inputs[layer], arrays, direct)
            arrays |= grads
            into += dx
        above = into
    arrays["dL_dx"] = above
    return arrays | {name: value.copy() for name, value in p.items()}


def make_trace(
    text: str = "hello",
    *,
    cell: Literal["rnn", "lstm", "gru"] = "rnn",
    hidden: int = 3,
    layers: int = 1,
    bidirectional: bool = False,
    activation: Activation = "tanh",
    batch: int = 1,
    iterations: int = 0,
    learning_rate: float = 0.3,
    seed: int = 3,
    last_only: bool = False,
    symbols: tuple[str, ...] | None = None,
) -> Trace:
    """Next-character prediction over `text`, after a number of plain gradient steps.

    `symbols` replaces the characters by longer words of the same vocabulary order;
    `last_only` counts the loss of the last step alone (many-to-one).
    """
    alphabet = tuple(dict.fromkeys(text))
    ids = np.array([alphabet.index(c) for c in text])
    tokens = np.repeat(ids[:-1, None], batch, axis=1)
    targets = np.repeat(ids[1:, None], batch, axis=1)
    if last_only:
        targets[:-1] = -1
    words = symbols or alphabet
    spec = ModelSpec(
        input_size=len(alphabet), hidden_size=hidden, output_size=len(alphabet), cell=cell,
        layers=layers, bidirectional=bidirectional, activation=activation,
    )  # fmt: skip
    p = parameters(spec, seed)
    arrays = run(spec, p, tokens, targets)
    for _ in range(iterations):
        for name in p:
            p[name] -= learning_rate * np.clip(arrays[f"dL_d{name}"], -5, 5)
        arrays = run(spec, p, tokens, targets)
    norm = float(np.sqrt(sum((arrays[f"dL_d{name}"] ** 2).sum() for name in p)))
    rows = tuple(tuple(words[i] for i in tokens[:, b]) for b in range(batch))
    wanted = tuple(tuple(words[i] if i >= 0 else "" for i in targets[:, b]) for b in range(batch))
    return Trace(
        spec,
        arrays,
        Labels(rows, wanted, (), words, words),
        iteration=iterations,
        update=Update(
            optimizer="SGD",
            learning_rate=learning_rate,
            grad_norm=norm,
            clipped_norm=min(norm, 5.0),
            clip=5.0,
            param_norm=float(np.sqrt(sum((v**2).sum() for v in p.values()))),
            update_norm=learning_rate * min(norm, 5.0),
        ),
        title="hello · test",
    )
