"""Shares of the weight gradient, clipping and training health."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis.analyze import analyze
from rnnviz.analysis.health import clip_by_norm, clipping, health
from rnnviz.analysis.saturation import saturation
from rnnviz.analysis.shares import recurrent_shares, share_alignment, step_share_norms
from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec, Trace, Update, UserError


def test_gram_matrices_give_the_norm_of_the_product_itself():
    rng = np.random.default_rng(0)
    dz, h = rng.normal(size=(6, 3, 5)), rng.normal(size=(6, 3, 4))
    products = np.einsum("tbg,tbf->tgf", dz, h)
    np.testing.assert_allclose(step_share_norms(dz, h), np.linalg.norm(products, axis=(1, 2)))
    total = products.sum(axis=0)
    expected = np.einsum("tgf,gf->t", products, total) / (total**2).sum()
    np.testing.assert_allclose(share_alignment(dz, h), expected)
    assert share_alignment(dz, h).sum() == pytest.approx(1.0)


def test_the_shares_of_a_pass_belong_to_its_weight_gradient(make_trace, cell):
    trace = make_trace(**cell)
    norms, shares = recurrent_shares(trace)
    name = "W_yh_l0" if cell["cell"] == "jordan" else "W_hh_l0"
    square = (trace[f"dL_d{name}"] ** 2).sum()
    assert shares.sum() == pytest.approx(1.0)
    assert norms.sum() >= np.sqrt(square) - 1e-12
    one = make_trace(T=1, **cell)
    np.testing.assert_allclose(recurrent_shares(one)[0], np.linalg.norm(one[f"dL_d{name}"]))


@pytest.mark.parametrize("cell_kind", ["rnn", "lstm", "gru"])
def test_shares_of_a_normalised_cell_are_taken_before_the_norm(cell_kind, rng):
    spec = ModelSpec(
        input_size=3, hidden_size=4, output_size=3, cell=cell_kind, layer_norm=True, layers=2,
        bidirectional=True,
    )  # fmt: skip
    net = Network.create(spec, rng=rng, dtype=np.float64)
    tokens = rng.integers(0, 3, (6, 2))
    trace = net.trace(Batch(tokens=tokens, targets=tokens, lengths=np.array([6, 4])))
    for layer in ("l0", "l1_reverse"):
        engine_says = trace[f"step_norm_W_hh_{layer}"]
        np.testing.assert_allclose(recurrent_shares(trace, layer)[0], engine_says, atol=1e-12)


def test_a_pass_without_gradients_has_no_shares(make_trace):
    trace = make_trace()
    forward = {k: v for k, v in trace.arrays.items() if not k.startswith("dL")}
    with pytest.raises(UserError, match="no gradients"):
        recurrent_shares(Trace(trace.spec, forward))


def test_clipping_is_shown_as_what_it_does():
    assert clip_by_norm(10.0, 5.0).factor == 0.5
    assert clip_by_norm(3.0, 5.0).clipped is False
    assert clip_by_norm(3.0, None).factor == 1.0
    assert clip_by_norm(0.0, 5.0).factor == 1.0
    with pytest.raises(UserError, match="above 0"):
        clip_by_norm(1.0, 0.0)


def test_health_reports_the_figures_of_the_pass(make_trace):
    trace = replace(make_trace(), update=Update("sgd", 0.1, 10.0, 5.0, 5.0, 20.0, 0.02))
    found = health(trace)
    assert found.update_ratio == pytest.approx(1e-3)
    assert found.mean_loss == pytest.approx(trace["loss"].mean())
    assert found.perplexity == pytest.approx(np.exp(trace["loss"].mean()))
    assert found.baseline == pytest.approx(np.log(3))
    assert found.clipping == clipping(trace)
    assert found.clipping is not None
    assert found.clipping.factor == 0.5
    assert found.dead is None
    assert found.grad_norms["W_hh_l0"] == pytest.approx(np.linalg.norm(trace["dL_dW_hh_l0"]))


def test_dead_relu_units_are_counted(make_trace):
    trace = make_trace(activation="relu")
    h = np.array(trace["h_l0"])
    h[..., :2] = 0.0
    h[..., 2:] = 1.0
    assert health(Trace(trace.spec, {**trace.arrays, "h_l0": h})).dead == pytest.approx(0.4)


def test_linear_units_have_no_end_of_their_range(make_trace):
    trace = make_trace(activation="linear")
    assert saturation(trace) == ()
    found = health(trace)
    assert (found.saturated, found.dead) == (None, None)
    with pytest.raises(UserError, match="nothing can saturate"):
        analyze(trace, "saturation")
    assert "saturated" not in analyze(trace, "health")


def test_a_regression_pass_has_no_perplexity(make_trace):
    found = health(make_trace(loss="squared-error"))
    assert found.perplexity is None
    assert found.mean_loss is not None
