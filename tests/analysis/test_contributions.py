from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis.contributions import contributions, walk_back
from rnnviz.analysis.progress import Cancelled
from rnnviz.analysis.single_loss import single_loss
from rnnviz.trace import Trace, UserError


def vectors(trace, layer, row=0, part="h"):
    """All g[k, t] by walking the losses back one by one."""
    T = trace["h_l0"].shape[0]
    return np.stack([walk_back(trace, k, layer, row, part=part).vectors for k in range(T)])


@pytest.mark.parametrize("layers", [1, 3])
def test_the_weighted_sum_over_losses_is_the_total_gradient(make_trace, cell, layers):
    if cell["cell"] == "jordan" and layers > 1:
        pytest.skip("a jordan network has one layer")
    trace = make_trace(layers=layers, **cell)
    m = trace["loss_mask"][:, 1]
    for layer in range(layers):
        total = np.einsum("k,kth->th", m, vectors(trace, f"l{layer}", row=1))
        np.testing.assert_allclose(total, trace[f"dL_dh_l{layer}"][:, 1], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("option", ["peepholes", "layer_norm", "residual"])
def test_at_the_cell_state_too_the_sum_is_the_total_gradient(engine_trace, option):
    trace = engine_trace({"cell": "lstm", "layers": 2, option: True})
    m = trace["loss_mask"][:, 0]
    for layer in ("l0", "l1"):
        total = np.einsum("k,kth->th", m, vectors(trace, layer, part="c"))
        np.testing.assert_allclose(total, trace[f"dL_dc_{layer}"][:, 0], rtol=1e-12, atol=1e-14)


def test_both_directions_of_a_bidirectional_layer_add_up(make_trace, cell):
    if cell["cell"] == "jordan":
        pytest.skip("a jordan network has one direction")
    trace = make_trace(bidirectional=True, **cell)
    m = trace["loss_mask"][:, 0]
    for layer in ("l0", "l0_reverse"):
        total = np.einsum("k,kth->th", m, vectors(trace, layer))
        np.testing.assert_allclose(total, trace[f"dL_dh_{layer}"][:, 0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("layer", ["l0", "l1"])
def test_all_losses_at_once_equal_the_losses_one_by_one(make_trace, cell, layer):
    if cell["cell"] == "jordan" and layer == "l1":
        pytest.skip("a jordan network has one layer")
    trace = make_trace(layers=int(layer[1]) + 1, **cell)
    found = contributions(trace, layer)
    with np.errstate(divide="ignore"):
        expected = np.log10(np.linalg.norm(vectors(trace, layer), axis=-1))
    np.testing.assert_allclose(found.log10_norm, expected, atol=1e-11)
    assert np.isneginf(np.triu(np.ones_like(expected), 1) * found.log10_norm).sum() > 0


def test_signed_projections_stack_up_to_the_norm_of_the_total(make_trace, cell):
    trace = make_trace(T=9, **cell)
    found = contributions(trace)
    norms = np.linalg.norm(trace["dL_dh_l0"][:, 0], axis=-1)
    np.testing.assert_allclose(found.projections().sum(axis=0), norms, rtol=1e-11)
    np.testing.assert_allclose(10.0**found.log10_total, norms, rtol=1e-11)
    g = vectors(trace, "l0") * trace["loss_mask"][:, :1, None]
    delta = trace["dL_dh_l0"][:, 0]
    expected = np.einsum("kth,th->kt", g, delta) / norms
    np.testing.assert_allclose(found.projections(), expected, rtol=1e-9, atol=1e-14)


def test_norms_do_not_add_up_which_is_why_projections_are_shown(make_trace):
    trace = make_trace(T=9)
    found = contributions(trace)
    stacked = (10.0**found.log10_norm * trace["loss_mask"][:, :1]).sum(axis=0)
    assert stacked[0] > 1.05 * np.linalg.norm(trace["dL_dh_l0"][0, 0])


def test_a_loss_walked_back_equals_a_pass_in_which_only_it_counts(make_trace, cell):
    from rnnviz.analysis.replay.network import replay
    from rnnviz.trace import Trace

    trace = make_trace(**cell)
    mask = np.zeros_like(trace["loss_mask"])
    mask[4, 0] = 1.0
    alone = replay(Trace(trace.spec, {**trace.arrays, "loss_mask": mask}))
    walked = walk_back(trace, 4)
    np.testing.assert_allclose(walked.vectors, alone["dL_dh_l0"][:, 0], rtol=1e-12, atol=1e-15)
    assert not walked.vectors[5:].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cell_kind", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("scale", [0.02, 8.0])
def test_norms_far_outside_the_range_of_the_numbers_are_right(make_trace, dtype, cell_kind, scale):
    trace = make_trace(T=100, H=4, cell=cell_kind, scale=scale, B=1)
    if cell_kind == "rnn":  # a linear regime explodes and vanishes without end
        trace = _with_slope_one(trace)
    found = contributions(trace, dtype=dtype)
    exact = _norms_in_logarithms(trace)
    lower = np.tril_indices(100)
    np.testing.assert_allclose(
        found.log10_norm[lower], exact[lower], atol=0.1 if dtype == np.float32 else 1e-9
    )


@pytest.mark.parametrize("seed", range(4))
def test_in_float32_the_shares_add_up_to_the_last_digit(make_trace, cell, seed):
    trace = make_trace(T=9, H=8, seed=seed, dtype=np.float32, **cell)
    np.testing.assert_allclose(contributions(trace).shares.sum(axis=0), 1.0, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("lower", "upper"), [(9.0, 0.02), (0.02, 9.0), (9.0, 7.0), (0.03, 0.02)])
def test_layers_that_leave_the_range_at_different_paces_are_added_at_one_scale(
    make_trace, dtype, lower, upper
):
    T = 400
    made = make_trace(T=T, H=3, B=1, layers=2, activation="linear", scale=0.1)
    rng = np.random.default_rng(7)
    scaled = {
        f"W_hh_l{layer}": size * np.linalg.qr(rng.normal(size=(3, 3)))[0]
        for layer, size in enumerate((lower, upper))
    }
    arrays = {**made.arrays, **scaled}
    arrays = {n: a.astype(dtype) if a.dtype.kind == "f" else a for n, a in arrays.items()}
    trace = Trace(made.spec, arrays)
    # The same by hand in numbers of a far greater range: of linear units J is W_hh.
    wide = {name: np.asarray(array, np.longdouble) for name, array in arrays.items()}
    at_logits = wide["probs"][:, 0] - np.eye(3)[arrays["targets"][:, 0]]

    def norms(losses):
        v, u, found = np.zeros(3, np.longdouble), np.zeros(3, np.longdouble), []
        for t in reversed(range(T)):
            seed = at_logits[t] @ wide["W_hy"] if t in losses else 0.0
            u = u @ wide["W_hh_l1"] + seed
            v = v @ wide["W_hh_l0"] + u @ wide["W_xh_l1"]
            found.append(np.sqrt(np.sum(v * v)))
        with np.errstate(divide="ignore"):  # nothing comes back to the steps behind a loss
            return np.log10(np.array(found[::-1])).astype(float)

    found = contributions(trace, "l0")
    if max(lower, upper) > 1.0:  # else its rounding is that of the last loss alone
        np.testing.assert_allclose(found.log10_total, norms(range(T)), rtol=1e-5, atol=1e-4)
    for k in (T - 1, T // 2):
        alone = norms([k])[: k + 1]
        assert np.abs(alone).max() > 150
        np.testing.assert_allclose(found.log10_norm[k, : k + 1], alone, rtol=1e-5, atol=1e-4)
        walked = walk_back(trace, k, "l0").log10_norm[: k + 1]
        np.testing.assert_allclose(walked, alone, rtol=1e-5, atol=1e-4)


def test_in_float32_a_norm_of_1e_180_is_shown_as_such(make_trace):
    trace = _with_slope_one(make_trace(T=200, H=4, scale=0.05, B=1, dtype=np.float32))
    found = contributions(trace)
    assert found.log10_norm.dtype == np.float32
    assert -400 < found.log10_norm[-1, 0] < -180


def test_a_cut_stops_every_loss_behind_it(make_trace, cell):
    from rnnviz.trace import Trace

    trace = make_trace(T=9, **cell)
    cut = Trace(trace.spec, {**trace.arrays, "cuts": np.array([0, 4])})
    found, whole = contributions(cut), contributions(trace)
    assert np.isneginf(found.log10_norm[4:, :4]).all()
    np.testing.assert_allclose(found.log10_norm[:4, :4], whole.log10_norm[:4, :4])
    np.testing.assert_allclose(found.log10_norm[4:, 4:], whole.log10_norm[4:, 4:])


def test_steps_without_a_target_have_no_loss_to_share(make_trace):
    from rnnviz.trace import Trace

    trace = make_trace()
    targets = np.array(trace["targets"])
    targets[2] = -1
    found = contributions(Trace(trace.spec, {**trace.arrays, "targets": targets}))
    assert np.isneginf(found.log10_norm[2]).all()
    assert not found.shares[2].any()
    assert np.isfinite(found.log10_norm[3, :4]).all()


def test_padding_is_left_out(make_trace):
    from rnnviz.trace import Trace

    trace = make_trace(T=7)
    padded = Trace(trace.spec, {**trace.arrays, "lengths": np.array([5, 7])})
    found = contributions(padded, row=0)
    assert found.log10_norm.shape == (5, 5)
    np.testing.assert_allclose(
        found.log10_norm, contributions(trace).log10_norm[:5, :5], atol=1e-12
    )


def test_the_computation_reports_progress_and_can_be_cancelled(make_trace):
    trace = make_trace(T=7)
    seen = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 3

    with pytest.raises(Cancelled):
        contributions(trace, progress=progress)
    assert seen == [(1, 7), (2, 7), (3, 7)]


def test_what_cannot_be_itemised_says_so(make_trace):
    trace = make_trace()
    with pytest.raises(UserError, match="no cell state"):
        contributions(trace, part="c")
    with pytest.raises(UserError, match="use one of l0"):
        contributions(trace, "l7")
    with pytest.raises(UserError, match="row 5"):
        contributions(trace, row=5)
    with pytest.raises(UserError, match="no loss at step 9"):
        walk_back(trace, 9)


def _with_slope_one(trace):
    """The same parameters with states at 0: every slope is exactly 1."""
    from rnnviz.trace import Trace

    arrays = dict(trace.arrays)
    for name in ("h_l0", "h0_l0"):
        arrays[name] = np.zeros_like(arrays[name])
    return Trace(trace.spec, arrays)


def _norms_in_logarithms(trace):
    """log10 ‖g[k, t]‖ by float64 products renormalised after every step."""
    from rnnviz.analysis.jacobians import step_jacobians
    from rnnviz.analysis.losses import output_gradients

    J = step_jacobians(trace)
    direct = output_gradients(trace) @ trace["W_hy"]
    T, H = direct.shape
    logs = np.full((T, T), -np.inf)
    for k in range(T):
        v = np.zeros(J.shape[1])
        v[:H] = direct[k]
        carried = 0.0
        for t in range(k, -1, -1):
            logs[k, t] = carried + np.log10(np.linalg.norm(v[:H]))
            v = J[t].T @ v
            size = np.linalg.norm(v)
            v, carried = v / size, carried + np.log10(size)
    return logs


@pytest.mark.parametrize(
    "shape", [{}, {"layers": 2}, {"bidirectional": True, "layers": 2}, {"head": "step"}]
)
def test_the_pass_of_a_single_loss_has_its_gradient_everywhere(make_trace, cell, shape):
    if cell["cell"] == "jordan" and {"layers", "bidirectional"} & shape.keys():
        pytest.skip("a jordan network has one layer and one direction")
    trace = make_trace(**cell, **shape)
    alone = single_loss(trace, 4, row=1)
    np.testing.assert_allclose(alone["logits"], trace["logits"], rtol=1e-12)
    walked = walk_back(trace, 4, "l0", row=1)
    np.testing.assert_allclose(alone["dL_dh_l0"][:, 1], walked.vectors, rtol=1e-9, atol=1e-14)
    assert not alone["dL_dh_l0"][:, 0].any()
    assert float(alone["loss_total"]) == pytest.approx(float(trace["loss"][4, 1]))
    assert "loss of step 5 alone" in alone.title


def test_all_single_losses_weighted_are_the_whole_gradient(make_trace, cell):
    trace = make_trace(T=5, B=1, **cell)
    name = "dL_dW_yh_l0" if cell["cell"] == "jordan" else "dL_dW_hh_l0"
    parts = [single_loss(trace, k)[name] * trace["loss_mask"][k, 0] for k in range(5)]
    np.testing.assert_allclose(sum(parts), trace[name], rtol=1e-9, atol=1e-14)


def test_a_loss_that_is_not_there_cannot_walk_back(make_trace):
    with pytest.raises(UserError, match="from 0 to 6"):
        single_loss(make_trace(), 7)
