"""Every model, direction, depth, sequence kind and head beside the same model in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rnnviz.engine import Batch, Network, State, make_optimizer
from rnnviz.trace import Trace
from tests.engine.models import Case, cases

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.reference

from tests.engine.torch_model import TorchModel, of  # noqa: E402  # needs PyTorch

TOLERANCE = 1e-10


def network_of(case: Case) -> Network:
    """A network with no parameter at a special value."""
    rng = np.random.default_rng(case.seed)
    net = Network.create(case.spec, rng=rng, dtype=np.float64)
    net.params.flat[:] = rng.uniform(-0.9, 0.9, net.params.flat.size)
    return net


def first_state(case: Case) -> dict[str, np.ndarray]:
    """A state to start from, of random numbers."""
    spec, rng = case.spec, np.random.default_rng(case.seed + 1)
    prefix = spec.prefixes[0]
    if spec.cell == "jordan":
        return {"y_l0": rng.normal(size=(case.size, spec.output_size))}
    kinds = ("h", "c") if spec.has_cell_state else ("h",)
    return {
        f"{prefix}{kind}_{name}": rng.normal(size=(case.size, spec.hidden_size))
        for name in spec.layer_names(prefix)
        for kind in kinds
    }


def equal(ours: np.ndarray, theirs: Any, what: str) -> None:
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    assert np.abs(ours - theirs).max() <= TOLERANCE * max(1.0, np.abs(theirs).max()), what


def compare(case: Case, trace: Trace, batch: Batch, theirs: TorchModel) -> None:
    """Outputs, losses, every recorded intermediate and the gradient at each."""
    theirs.loss.backward()
    prefix = case.spec.prefixes[0]
    equal(trace["loss_total"], theirs.loss.item(), "loss_total")
    equal(trace["loss_mask"], theirs.mask, "loss_mask")
    counted = theirs.mask.numpy() > 0
    equal(trace["loss"] * counted, theirs.wholes["loss"].detach().numpy() * counted, "loss")
    for name, parameter in theirs.params.items():
        equal(trace[f"dL_d{name}"], of(parameter, gradient=True), name)
    for name, start in theirs.state.items():
        if start.is_leaf:
            equal(trace[f"dL_d{name.replace('_l', '0_l')}"], of(start, gradient=True), name)
    for name, whole in theirs.wholes.items():
        ours = f"{prefix}x" if name == "x" else name
        if name in ("x", "context", "logits", "attention"):
            equal(trace[ours], whole.detach(), ours)
        if name in ("x", "context") and whole.grad is not None:
            equal(trace[f"dL_d{ours}"], whole.grad, f"gradient at {ours}")
    lengths = theirs.lengths.numpy()
    for name in theirs.seen:
        ended = np.zeros(trace[name].shape[:2], bool)
        if not name.startswith("decoder_"):
            ended = np.arange(len(ended))[:, None] >= lengths
        on = ~ended[..., None]
        equal(trace[name] * on, theirs.values(name) * on, name)
        if f"dL_d{name}" in trace:
            equal(trace[f"dL_d{name}"], theirs.values(name, gradient=True), f"gradient at {name}")


def has_ties(case: Case) -> bool:
    """Where a largest value is shared, whose gradient it is is a matter of taste."""
    spec = case.spec
    return spec.head == "max" and (spec.activation == "relu" or spec.layer_norm)


@settings(max_examples=150)
@given(cases(dropout=0.0))
def test_a_pass_and_its_gradients_equal_pytorchs(case: Case) -> None:
    assume(not has_ties(case))
    net, batch = network_of(case), case.batch()
    compare(case, net.trace(batch), batch, TorchModel(net, batch))


@settings(max_examples=60)
@given(cases(dropout=0.0), st.integers(1, 4))
def test_a_pass_from_a_given_state_with_a_cut_gradient_equals_pytorchs(
    case: Case, window: int
) -> None:
    assume(not has_ties(case))
    whole = case.spec.bidirectional or case.spec.kind == "many-to-many"
    net, batch, state = network_of(case), case.batch(), first_state(case)
    cuts = () if whole else tuple(range(window, case.steps, window))
    trace = net.trace(batch, state=State(state), window=None if whole else window)
    compare(case, trace, batch, TorchModel(net, batch, state, cuts))


OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
}


EXPLODED = 1e6
"""A loss from which linear outputs that feed themselves overflow within two steps."""


def is_noise(gradient: np.ndarray) -> bool:
    """Whether a number in it is 0 but for rounding: rules that divide a gradient by its own size
    make steps of that, in other directions for another order of summation."""
    size = np.abs(gradient)
    return bool(((size > 0.0) & (size < 1e-13)).any())


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
@settings(max_examples=12)
@given(cases(dropout=0.0, layer_norm=False))
def test_twenty_steps_of_training_equal_pytorchs(optimizer: str, case: Case) -> None:
    # With the rules' own epsilon. Not with layer normalisation, which PyTorch's cells do not have
    # either: of three or four numbers it can magnify one rounding error by millions in 20 steps.
    assume(not has_ties(case))
    net, batch = network_of(case), case.batch()
    rule, options = OPTIMIZERS[optimizer]
    leaves = {n: torch.tensor(v.copy(), requires_grad=True) for n, v in net.params.items()}
    theirs = rule(list(leaves.values()), lr=0.01, **options)
    ours = make_optimizer(optimizer, net.params, learning_rate=0.01)
    for _ in range(20):
        model = TorchModel(net, batch)
        model.loss.backward()
        loss = net.loss_and_gradients(batch)
        assume(not is_noise(net.grads.flat) and loss < EXPLODED)
        assert abs(loss - model.loss.item()) <= TOLERANCE * max(1.0, abs(loss))
        ours.step(net.grads)
        for name, parameter in leaves.items():
            parameter.grad = of(model.params[name], gradient=True)
        theirs.step()
        for name, parameter in leaves.items():
            equal(net.params[name], parameter.detach(), name)
