"""What a pass calls for its products: in one piece, or in a few that BLAS does not pack."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.engine import blas, products
from rnnviz.trace.record import Array


def operands(steps: int, classes: int, hidden: int, kind: str) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    matrix, x = rng.normal(size=(classes, hidden)), rng.normal(size=(steps, hidden))
    return matrix.astype(kind), x.astype(kind)


def pieces(
    monkeypatch: pytest.MonkeyPatch, kernel: str | None, steps: int, classes: int, hidden: int,
    *, by_step: bool = False, kind: str = "d",
) -> int:  # fmt: skip
    """How many calls the outputs of all steps take; they are right in any case."""
    monkeypatch.setattr(blas, "kernel", lambda: kernel)
    matrix, x = operands(steps, classes, hidden, kind)
    out = np.zeros((steps, classes) if by_step else (classes, steps), kind)
    found = out if by_step else out.T
    calls = products.apply(matrix, x, found)
    for call in calls:
        call()
    wanted = x @ matrix.T
    precision = 30 * hidden * np.finfo(kind).eps
    assert np.abs(found - wanted).max() <= precision
    return len(calls)


@pytest.mark.parametrize("by_step", [False, True])
@pytest.mark.parametrize("kind", ["f", "d"])
def test_a_result_somewhat_too_large_for_the_quick_way_is_made_in_pieces_that_are_not(
    by_step: bool, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(steps: int, classes: int, hidden: int = 100) -> int:
        return pieces(monkeypatch, "SkylakeX", steps, classes, hidden, by_step=by_step, kind=kind)

    assert count(25, 40) == 1
    assert count(25, 65) == 2
    assert count(67, 67) == 4
    assert count(25, 65, hidden=31) == 1, "which is packed in any case"
    assert count(90, 90) == 1, "more calls than they gain"
    assert count(2000, 2000, hidden=32) == 1, "one row alone is too large"


@pytest.mark.parametrize("kernel", ["Haswell", "neoversen1", None])
def test_other_kernels_pack_every_piece_and_get_one(
    kernel: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pieces(monkeypatch, kernel, 25, 65, 100) == 1


def test_complex_numbers_are_packed_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pieces(monkeypatch, "SkylakeX", 25, 65, 100, kind="D") == 1
