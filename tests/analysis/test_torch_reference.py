"""The analyses against PyTorch's autograd, which knows nothing of our formulas."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis import contributions, memory, step_jacobians, walk_back

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.reference

CELLS = {"rnn": torch.nn.RNNCell, "lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}


@pytest.fixture(params=["rnn", "lstm", "gru"])
def kind(request):
    return request.param


def torch_pass(trace, kind, row):
    """x, states [layer][t] (h or (h, c)) and logits of that sequence, all on autograd's tape."""
    H, layers = trace.spec.hidden_size, trace.spec.layers

    def as_tensor(name):
        return torch.tensor(np.array(trace[name]))

    cells = []
    for layer in range(layers):
        width = trace[f"W_xh_l{layer}"].shape[1]
        cell = CELLS[kind](width, H, dtype=torch.float64)
        hidden_bias = torch.zeros_like(cell.bias_hh)
        if kind == "gru":
            hidden_bias[2 * H :] = as_tensor(f"b_hn_l{layer}")
        cell.weight_ih.data = as_tensor(f"W_xh_l{layer}")
        cell.weight_hh.data = as_tensor(f"W_hh_l{layer}")
        cell.bias_ih.data = as_tensor(f"b_h_l{layer}")
        cell.bias_hh.data = hidden_bias
        cells.append(cell)
    x = torch.tensor(np.array(trace["x"][:, row]), requires_grad=True)
    states = [[] for _ in cells]
    first = [as_tensor(f"h0_l{k}")[row] for k in range(layers)]
    carried = [
        (h, as_tensor(f"c0_l{k}")[row]) if kind == "lstm" else h for k, h in enumerate(first)
    ]
    logits = []
    for t in range(len(x)):
        below = x[t]
        for k, cell in enumerate(cells):
            carried[k] = cell(below[None], _rows(carried[k]))
            carried[k] = _row(carried[k])
            states[k].append(carried[k])
            below = carried[k][0] if kind == "lstm" else carried[k]
        logits.append(as_tensor("W_hy") @ below + as_tensor("b_y"))
    return x, states, torch.stack(logits)


def _rows(state):
    return tuple(s[None] for s in state) if isinstance(state, tuple) else state[None]


def _row(state):
    return tuple(s[0] for s in state) if isinstance(state, tuple) else state[0]


def _h(state):
    return state[0] if isinstance(state, tuple) else state


def _slopes(scalar, values):
    """∂scalar/∂values side by side, zeros where autograd finds no way."""
    found = torch.autograd.grad(scalar, values, retain_graph=True, allow_unused=True)
    pairs = zip(values, found, strict=True)
    return torch.cat([torch.zeros_like(v) if g is None else g for v, g in pairs])


@pytest.mark.parametrize("layers", [1, 2])
def test_every_loss_at_every_state_is_what_autograd_finds(make_trace, kind, layers):
    trace = make_trace(cell=kind, layers=layers, T=6)
    _, states, logits = torch_pass(trace, kind, 1)
    targets = torch.tensor(np.array(trace["targets"][:, 1]))
    losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
    np.testing.assert_allclose(losses.detach(), trace["loss"][:, 1], rtol=1e-12)
    for layer in range(layers):
        at = tuple(_h(state) for state in states[layer])
        for k in range(6):
            expected = _slopes(losses[k], at).reshape(6, -1)
            found = walk_back(trace, k, f"l{layer}", row=1).vectors
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-14)


def test_step_jacobians_are_what_autograd_finds(make_trace, kind):
    trace = make_trace(cell=kind, T=4)
    _, states, _ = torch_pass(trace, kind, 0)
    J = step_jacobians(trace)
    for t in range(1, 4):
        after, before = (states[0][k] if kind == "lstm" else (states[0][k],) for k in (t, t - 1))
        rows = [_slopes(component, before) for part in after for component in part]
        np.testing.assert_allclose(J[t], torch.stack(rows), rtol=1e-11, atol=1e-14)


def test_memory_is_what_autograd_finds(make_trace, kind):
    trace = make_trace(cell=kind, layers=2, T=6)
    x, _, logits = torch_pass(trace, kind, 0)
    found = memory(trace)
    for k in range(6):
        chosen = logits[k, int(trace["targets"][k, 0])]
        (slope,) = torch.autograd.grad(chosen, x, retain_graph=True)
        np.testing.assert_allclose(found.raw[k], slope.norm(dim=1), rtol=1e-11, atol=1e-15)


def test_the_log_norms_are_those_of_autograd(make_trace, kind):
    trace = make_trace(cell=kind, T=6)
    _, states, logits = torch_pass(trace, kind, 0)
    targets = torch.tensor(np.array(trace["targets"][:, 0]))
    losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
    first = _h(states[0][0])
    (slope,) = torch.autograd.grad(losses[5], first)
    found = contributions(trace).log10_norm[5, 0]
    assert found == pytest.approx(float(torch.log10(slope.norm())), abs=1e-11)
