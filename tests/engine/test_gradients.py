"""Every gradient of the engine against the complex step, in float64."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from rnnviz.engine import State
from tests.engine.complex_step import derivative, relative_error, twin_networks
from tests.engine.models import Case, cases


@settings(max_examples=50)
@given(cases())
def test_the_gradient_of_every_parameter_matches_the_complex_step(case: Case) -> None:
    network, twin = twin_networks(case.spec, case.seed)
    network.loss_and_gradients(case.batch(), rng=np.random.default_rng(5))
    batch = case.batch(np.complex128)
    exact = derivative(twin.params.flat, lambda: twin.loss(batch, rng=np.random.default_rng(5)))
    assert relative_error(network.grads.flat, exact) <= 1e-12


@settings(max_examples=18)
@given(cases(input_kind="vector"))
def test_the_gradient_of_every_input_matches_the_complex_step(case: Case) -> None:
    network, twin = twin_networks(case.spec, case.seed)
    trace = network.trace(case.batch(), rng=np.random.default_rng(5))
    batch = case.batch(np.complex128)
    assert batch.x is not None
    exact = derivative(batch.x, lambda: twin.loss(batch, rng=np.random.default_rng(5)))
    assert relative_error(trace[f"dL_d{case.spec.prefixes[0]}x"], exact) <= 1e-12
    if batch.context is not None:
        exact = derivative(batch.context, lambda: twin.loss(batch, rng=np.random.default_rng(5)))
        assert relative_error(trace["dL_dcontext"], exact) <= 1e-12


@settings(max_examples=18)
@given(cases())
def test_the_gradient_of_every_initial_state_matches_the_complex_step(case: Case) -> None:
    network, twin = twin_networks(case.spec, case.seed)
    first = network.trace(case.batch())
    prefix = case.spec.prefixes[0]
    names = [
        name for name in first if name.startswith(tuple(f"{prefix}{kind}0_l" for kind in "hcy"))
    ]
    rng = np.random.default_rng(case.seed)
    values = {name.replace("0_l", "_l"): rng.normal(size=first[name].shape) for name in names}
    trace = network.trace(case.batch(), state=State(values))
    imaginary = {name: value.astype(np.complex128) for name, value in values.items()}
    batch = case.batch(np.complex128)
    for name in names:
        value = imaginary[name.replace("0_l", "_l")]
        exact = derivative(value, lambda: twin.loss(batch, State(imaginary)))
        assert relative_error(trace[f"dL_d{name}"], exact) <= 1e-12
