"""How much each step adds to a weight gradient, however many sequences lie side by side."""

import tracemalloc

import numpy as np
import pytest

from rnnviz.engine.step_norms import Factor, TokenFactor, step_norm

STEPS, ROWS, CLASSES = 3, 5, 7


@pytest.mark.parametrize("batch", [1, 2, 5, 30, 200])
@pytest.mark.parametrize("kind", ["vectors", "tokens"])
def test_a_share_is_as_long_as_the_matrix_that_it_is(batch: int, kind: str) -> None:
    rng = np.random.default_rng(batch)
    dz = rng.normal(size=(STEPS, ROWS, batch))
    tokens = rng.integers(0, CLASSES, (STEPS, batch))
    if kind == "tokens":
        x = np.moveaxis(np.eye(CLASSES)[tokens], 2, 1)
    else:
        x = rng.normal(size=(STEPS, CLASSES, batch))
    expected = np.linalg.norm(dz @ x.transpose(0, 2, 1), axis=(1, 2))
    if batch == 1:
        dz, x, tokens = dz[..., 0], x[..., 0], tokens[:, 0]
    factor = Factor(x) if kind == "vectors" else TokenFactor(tokens, CLASSES, dz.dtype)
    np.testing.assert_allclose(step_norm(Factor(dz), factor), expected, rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch", [1, 2, 200])
@pytest.mark.parametrize("at_dz", [1.0, 1e9])
def test_a_share_of_tiny_and_of_huge_inputs_is_as_long_as_it_is(
    batch: int, dtype: type[np.floating], at_dz: float
) -> None:
    limits = np.finfo(dtype)
    sizes = np.array([float(limits.tiny) * 1e3, float(limits.max) ** 0.6, 1.0])
    rng = np.random.default_rng(batch)
    dz = rng.normal(size=(3, ROWS, batch))
    x = rng.normal(size=(3, CLASSES, batch))
    lengths = np.linalg.norm(dz @ x.transpose(0, 2, 1), axis=(1, 2))
    dz, x = (dz * at_dz).astype(dtype), (x * sizes[:, None, None]).astype(dtype)
    if batch == 1:
        dz, x = dz[..., 0], x[..., 0]
    found = step_norm(Factor(dz), Factor(x))
    np.testing.assert_allclose(found, lengths * sizes * at_dz, rtol=1e-4)


def test_many_sequences_are_not_compared_in_pairs() -> None:
    batch = 4096
    dz = np.ones((STEPS, ROWS, batch), np.float32)
    tokens = np.zeros((STEPS, batch), np.intp)
    tracemalloc.start()
    norms = step_norm(Factor(dz), TokenFactor(tokens, CLASSES, dz.dtype))
    also = step_norm(Factor(dz), Factor(dz))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < batch * batch
    assert norms.dtype == also.dtype == np.float32
    np.testing.assert_allclose(also, batch * ROWS, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch", [1, 2, 200])
@pytest.mark.parametrize("kind", ["vectors", "tokens"])
def test_a_share_that_vanishes_or_explodes_is_as_long_as_it_is(
    batch: int, kind: str, dtype: type[np.floating]
) -> None:
    # The squares of these gradients are 0 or infinite in their own type of number.
    limits = np.finfo(dtype)
    sizes = [float(limits.tiny) * 1e3, float(limits.max) * 1e-6, 1.0, 0.0]
    rng = np.random.default_rng(batch)
    plain = rng.normal(size=(len(sizes), ROWS, batch))
    tokens = rng.integers(0, CLASSES, (len(sizes), batch))
    x = np.moveaxis(np.eye(CLASSES)[tokens], 2, 1)
    lengths = np.linalg.norm(plain @ x.transpose(0, 2, 1), axis=(1, 2))
    dz = (plain * np.array(sizes)[:, None, None]).astype(dtype)
    x = x.astype(dtype)
    if batch == 1:
        dz, x, tokens = dz[..., 0], x[..., 0], tokens[:, 0]
    factor = Factor(x) if kind == "vectors" else TokenFactor(tokens, CLASSES, dz.dtype)
    found = step_norm(Factor(dz), factor)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, lengths * sizes, rtol=1e-4)
    assert (found[:3] > 0.0).all()
    assert found[3] == 0.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shares_of_sequences_that_cancel_add_up_to_about_nothing(dtype: type) -> None:
    rng = np.random.default_rng(0)
    dz = rng.normal(size=(300, 5, 3)).astype(dtype)
    dz[:, :, 2] = -dz[:, :, 0] - dz[:, :, 1]
    x = np.repeat(rng.normal(size=(300, 7, 1)).astype(dtype), 3, axis=2)
    norms = step_norm(Factor(dz), Factor(x))
    assert (norms >= 0.0).all()
    assert norms.max() < 100 * np.sqrt(np.finfo(dtype).eps)
