from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis import jacobians as jac
from rnnviz.analysis.layers import layer_named, layer_run
from rnnviz.analysis.progress import Cancelled
from rnnviz.analysis.replay.edits import Edit
from rnnviz.analysis.replay.network import replay
from rnnviz.analysis.steps import steps_of
from rnnviz.analysis.steps.taped import TapedSteps
from rnnviz.trace import Trace, UserError


def next_state(trace, state, t):
    """s_t as a function of s_{t−1}, by running the cell for one step from that state."""
    spec, H = trace.spec, trace.spec.hidden_size
    arrays = {name: array for name, array in trace.arrays.items() if not name.startswith("dL")}
    for name in ("x", "targets", "loss_mask", "h_l0"):
        arrays[name] = trace[name][t : t + 1, :1]
    arrays["h0_l0"] = state[None, :H]
    if spec.has_cell_state:
        arrays["c0_l0"] = state[None, H:]
    if spec.cell == "jordan":
        arrays["y0_l0"] = (trace["W_hy"] @ state + trace["b_y"])[None]
    one = replay(Trace(spec, arrays))
    parts = [one["h_l0"][0, 0], *([one["c_l0"][0, 0]] if spec.has_cell_state else [])]
    return np.concatenate(parts)


def previous_state(trace, t):
    run = layer_run(trace, layer_named(trace, "l0"))
    parts = [run.previous_h[t]]
    if trace.spec.has_cell_state:
        parts.append(run.previous("c")[t])
    return np.concatenate(parts)


def test_every_step_jacobian_matches_finite_differences(make_trace, cell, numerical_jacobian):
    trace = make_trace(T=4, **cell)
    found = jac.step_jacobians(trace)
    # The first output of a jordan cell is read from its own initial state, not from h.
    for t in range(1 if cell["cell"] == "jordan" else 0, 4):
        expected = numerical_jacobian(
            lambda state, t=t: next_state(trace, state, t), previous_state(trace, t)
        )
        np.testing.assert_allclose(found[t], expected, atol=2e-9)


def test_input_jacobians_match_finite_differences(make_trace, cell, numerical_jacobian):
    trace = make_trace(T=3, **cell)
    steps = steps_of(layer_run(trace, layer_named(trace)))

    def state(x):
        arrays = dict(trace.arrays)
        arrays["x"] = np.array(trace["x"])
        arrays["x"][1, 0] = x
        again = replay(Trace(trace.spec, arrays))
        parts = [again["h_l0"][1, 0]]
        if trace.spec.has_cell_state:
            parts.append(again["c_l0"][1, 0])
        return np.concatenate(parts)

    expected = numerical_jacobian(state, trace["x"][1, 0])
    np.testing.assert_allclose(steps.input_jacobian(1), expected, atol=2e-9)


def test_pulling_a_gradient_back_is_a_product_with_the_jacobian(make_trace, cell):
    trace = make_trace(**cell)
    steps = steps_of(layer_run(trace, layer_named(trace)))
    gradients = np.random.default_rng(1).normal(size=(6, steps.state_size))
    out = np.empty_like(gradients)
    steps.pull(gradients, 3, out)
    np.testing.assert_allclose(out, gradients @ steps.jacobian(3), atol=1e-13)


@pytest.mark.parametrize("layer", ["l0", "l1", "l0_reverse"])
def test_formulas_and_the_tape_find_the_same_derivatives(engine_trace, cell, layer):
    if cell["cell"] == "jordan":
        pytest.skip("the memory of a jordan network is its output")
    options = {"bidirectional": True} if "reverse" in layer else {"layers": 2}
    trace = engine_trace({**cell, **options}, ragged=True)
    run = layer_run(trace, layer_named(trace, layer), 1)
    formula, taped = steps_of(run), TapedSteps(run, np.float64)
    for t in range(run.steps):
        np.testing.assert_allclose(formula.jacobian(t), taped.jacobian(t), atol=1e-14)
        np.testing.assert_allclose(formula.input_jacobian(t), taped.input_jacobian(t), atol=1e-14)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_normalised_cells_have_step_jacobians_too(engine_trace, numerical_jacobian, kind):
    trace = engine_trace({"cell": kind, "layer_norm": True})
    H, J = 4, jac.step_jacobians(trace)

    def last(h):
        edits = [Edit(name="h_l0", step=2, index=(j,), row=0, value=h[j]) for j in range(H)]
        return replay(trace, edits)["h_l0"][3, 0]

    expected = numerical_jacobian(last, trace["h_l0"][2, 0])
    np.testing.assert_allclose(J[3][:H, :H], expected, atol=2e-9)


def test_a_reverse_layer_runs_from_the_last_step(make_trace):
    trace = make_trace(bidirectional=True)
    found = jac.step_jacobians(trace, "l0_reverse")
    h = trace["h_l0_reverse"][:, 0]
    expected = (1 - h[-1] ** 2)[:, None] * trace["W_hh_l0_reverse"]
    np.testing.assert_allclose(found[0], expected, atol=1e-14)


def test_in_a_stack_the_product_is_the_layers_own_recurrence(make_trace, cell, numerical_jacobian):
    if cell["cell"] == "jordan":
        pytest.skip("a jordan network has one layer")
    trace = make_trace(layers=2, **cell)
    J = jac.step_jacobians(trace, "l1")
    H = trace.spec.hidden_size

    def last(h):
        edits = [Edit(name="h_l1", step=2, index=(j,), row=0, value=h[j]) for j in range(H)]
        return replay(trace, edits)["h_l1"][5, 0]

    product = J[5] @ J[4] @ J[3]
    expected = numerical_jacobian(last, trace["h_l1"][2, 0])
    np.testing.assert_allclose(product[:H, :H], expected, atol=2e-9)


def test_singular_values_are_those_of_each_matrix(make_trace):
    J = jac.step_jacobians(make_trace())
    seen = []
    values = jac.singular_values(J, lambda done, total: seen.append((done, total)) is None)
    assert seen[-1] == (7, 7)
    for matrix, sigma in zip(J, values, strict=True):
        np.testing.assert_allclose(np.prod(sigma), abs(np.linalg.det(matrix)), rtol=1e-9)
        np.testing.assert_allclose((sigma**2).sum(), (matrix**2).sum())


def test_the_bound_is_never_below_the_product(make_trace, cell):
    J = jac.step_jacobians(make_trace(T=12, **cell))
    found = jac.product_spectra(J)
    assert (found.log10_bound >= found.log10_singular[:, 0] - 1e-9).all()
    expected = np.linalg.svd(J[1] @ J[0], compute_uv=False)
    with np.errstate(divide="ignore"):
        big = expected > 1e-12
        np.testing.assert_allclose(10 ** found.log10_singular[1][big], expected[big], rtol=1e-7)
    later = jac.product_spectra(J, origin=9)
    assert len(later.log10_singular) == 2


def test_products_far_outside_of_float64_keep_their_logarithm():
    J = np.repeat(np.diag([1e-3, 1e-5])[None], 300, axis=0)
    found = jac.product_spectra(J)
    np.testing.assert_allclose(found.log10_singular[-1, 0], -900.0)
    np.testing.assert_allclose(found.log10_bound[-1], -900.0)


def test_lyapunov_exponents_of_a_constant_matrix_are_the_logarithms_of_its_eigenvalues():
    rng = np.random.default_rng(3)
    basis = rng.normal(size=(3, 3))
    matrix = basis @ np.diag([1.5, 0.4, 0.01]) @ np.linalg.inv(basis)
    found = jac.lyapunov_exponents(np.repeat(matrix[None], 4000, axis=0))
    np.testing.assert_allclose(found[-1], np.log([1.5, 0.4, 0.01]), atol=2e-3)


def test_the_exponents_add_up_to_the_logarithm_of_the_determinant(make_trace, cell):
    if cell["cell"] == "jordan" or cell.get("activation") == "relu":
        pytest.skip("these step Jacobians are singular")
    J = jac.step_jacobians(make_trace(T=30, **cell))
    total = np.log(np.abs(np.linalg.det(J))).sum()
    np.testing.assert_allclose(jac.lyapunov_exponents(J)[-1].sum() * 30, total, rtol=1e-6)


def test_one_walk_finds_the_same_spectra_without_keeping_the_jacobians(make_trace, cell):
    trace = make_trace(T=12, **cell)
    J = jac.step_jacobians(trace)
    seen = []
    found = jac.jacobian_spectra(trace, progress=lambda *now: seen.append(now) is None)
    assert seen == [(t + 1, len(J)) for t in range(len(J))]
    np.testing.assert_array_equal(found.singular, jac.singular_values(J))
    np.testing.assert_array_equal(found.exponents, jac.lyapunov_exponents(J))
    products = jac.product_spectra(J)
    np.testing.assert_array_equal(found.products.log10_singular, products.log10_singular)
    np.testing.assert_allclose(found.products.log10_bound, products.log10_bound, rtol=1e-12)


def test_one_walk_starts_its_products_where_it_is_asked_to(make_trace):
    trace = make_trace(T=12, cell="gru")
    J = jac.step_jacobians(trace)
    found = jac.jacobian_spectra(trace, origin=4)
    expected = jac.product_spectra(J, origin=4)
    np.testing.assert_array_equal(found.products.log10_singular, expected.log10_singular)
    assert found.products.origin == 4
    assert len(found.singular) == 12
    with pytest.raises(UserError, match="from -1 to 10"):
        jac.jacobian_spectra(trace, origin=11)


def test_a_walk_over_the_spectra_can_be_stopped_at_any_step(make_trace):
    with pytest.raises(Cancelled):
        jac.jacobian_spectra(make_trace(T=12), progress=lambda done, total: done < 3)
    J = jac.step_jacobians(make_trace(T=12))
    for walk in (jac.product_spectra, jac.lyapunov_exponents):
        with pytest.raises(Cancelled):
            walk(J, progress=lambda done, total: done < 3)


def test_frobenius_norms_bound_the_largest_singular_value(make_trace):
    trace = make_trace()
    sigma = jac.singular_values(jac.step_jacobians(trace))[:, 0]
    assert (jac.frobenius_norms(trace) >= sigma).all()


def test_a_wrong_origin_is_refused(make_trace):
    J = jac.step_jacobians(make_trace())
    with pytest.raises(UserError, match="from -1 to 5"):
        jac.product_spectra(J, origin=6)


def test_a_single_row_is_pulled_back_as_all_rows_are(make_trace, cell):
    steps = steps_of(layer_run(make_trace(**cell), layer_named(make_trace(**cell), None), 0))
    rows = np.random.default_rng(1).normal(size=(4, steps.state_size))
    together, alone = np.empty_like(rows), np.empty_like(rows[:1])
    steps.pull(rows, 2, together)
    for row, expected in zip(rows, together, strict=True):
        steps.pull(row[None], 2, alone)
        np.testing.assert_allclose(alone[0], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("work", [jac.step_jacobians, jac.jacobian_spectra])
def test_a_gate_that_is_no_number_is_refused_and_not_decomposed(make_trace, work):
    trace = make_trace(cell="lstm")
    broken = trace.joined({"f_l0": np.full_like(trace["f_l0"], np.nan)})
    with pytest.raises(UserError, match=r"Jacobian of step 1.*not finite"):
        work(broken)
