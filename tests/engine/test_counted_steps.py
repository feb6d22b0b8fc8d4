"""Which steps of which sequences have a loss that counts, and by how much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec

TOKENS = np.zeros((4, 2), int)
EVERY = np.array([[0, 1], [2, 3], [1, 0], [2, 2]])


def counted(given: Batch, **model: Any) -> Any:
    """B·m, (T, B), as a trace says it."""
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4, **model)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    trace = net.trace(given)
    total = (trace["loss_mask"] * trace["loss"]).sum()
    assert net.loss(given) == pytest.approx(total, rel=1e-13)
    if given.targets is not None and given.targets.ndim == 2:
        assert not trace["loss"][given.targets < 0].any()
        assert trace["loss"][given.targets >= 0].all()
    return (trace["loss_mask"] * given.batch_size).tolist()


def test_of_one_answer_a_sequence_only_the_last_step_counts_though_all_have_targets() -> None:
    given = Batch(tokens=TOKENS, targets=EVERY)
    assert counted(given, kind="many-to-one") == [[0, 0], [0, 0], [0, 0], [1, 1]]
    given = Batch(tokens=TOKENS, targets=EVERY, lengths=np.array([2, 3]))
    assert counted(given, kind="many-to-one") == [[0, 0], [1, 0], [0, 1], [0, 0]]
    given = Batch(tokens=TOKENS[:1], targets=EVERY[:1])
    assert counted(given, kind="one-to-one") == [[1, 1]]


@pytest.mark.parametrize("kind", ["aligned", "one-to-many"])
def test_every_step_with_a_target_counts_where_each_has_an_answer(kind: Any) -> None:
    assert counted(Batch(tokens=TOKENS, targets=EVERY), kind=kind) == [[1, 1]] * 4
    some = EVERY.copy()
    some[0, 0] = some[2, 1] = -1
    expected = [[0, 1], [1, 1], [1, 0], [1, 1]]
    assert counted(Batch(tokens=TOKENS, targets=some), kind=kind) == expected
    ragged = Batch(tokens=TOKENS, targets=some, lengths=np.array([4, 2]))
    assert counted(ragged, kind=kind) == [[0, 1], [1, 1], [1, 0], [1, 0]]


def test_a_mask_replaces_the_rule_but_neither_padding_nor_steps_without_a_target_count() -> None:
    some = EVERY.copy()
    some[1, 0] = -1
    mask = [[0.5, 0.0], [1.0, 0.25], [1.0, 1.0], [0.0, 1.0]]
    ragged = Batch(tokens=TOKENS, targets=some, lengths=[4, 3], mask=mask)
    for kind in ("aligned", "many-to-one"):
        assert counted(ragged, kind=kind) == [[0.5, 0.0], [0, 0.25], [1, 1], [0, 0]]


def test_squared_errors_of_vectors_count_by_the_same_rules(rng: np.random.Generator) -> None:
    targets, lengths = rng.normal(size=(4, 2, 4)), np.array([4, 2])
    model: dict[str, Any] = {"loss": "squared-error"}
    whole = Batch(tokens=TOKENS, targets=targets)
    assert counted(whole, **model) == [[1, 1]] * 4
    assert counted(whole, kind="many-to-one", **model) == [[0, 0]] * 3 + [[1, 1]]
    ragged = Batch(tokens=TOKENS, targets=targets, lengths=lengths)
    assert counted(ragged, **model) == [[1, 1], [1, 1], [1, 0], [1, 0]]


def test_lengths_of_what_an_encoder_reads_say_nothing_about_what_is_written() -> None:
    some = EVERY.copy()
    some[3, 0] = -1
    given = Batch(tokens=TOKENS[:2], lengths=[1, 2], decoder_tokens=TOKENS, targets=some)
    assert counted(given, kind="many-to-many") == [[1, 1], [1, 1], [1, 1], [0, 1]]


@pytest.mark.parametrize("kind", ["aligned", "many-to-one"])
@pytest.mark.parametrize("loss", ["cross-entropy", "squared-error"])
def test_a_batch_is_counted_as_if_none_had_been_read_before(
    kind: Any, loss: Any, rng: np.random.Generator
) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4, kind=kind, loss=loss)
    some = EVERY.copy()
    some[0, 0] = some[2, 1] = -1
    targets: list[Any] = [EVERY, some, EVERY[::-1].copy()]
    if loss == "squared-error":
        targets = [rng.normal(size=(4, 2, 4)) for _ in targets]
    mask = rng.uniform(size=(4, 2))
    batches = [
        Batch(tokens=TOKENS, targets=one, lengths=lengths, mask=weights)
        for one in targets
        for lengths, weights in ((None, None), (np.array([2, 4]), None), (None, mask))
    ]
    used = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    for place in rng.integers(0, len(batches), 40):
        fresh = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
        expected = fresh.loss_and_gradients(batches[place])
        assert used.loss_and_gradients(batches[place]) == expected
        np.testing.assert_array_equal(used.grads.flat, fresh.grads.flat)


@pytest.mark.parametrize("lengths", [None, np.array([2, 4])])
def test_one_answer_a_sequence_is_the_answer_at_its_last_true_step(lengths: Any) -> None:
    ends = [3, 3] if lengths is None else [1, 3]
    spread = np.full((4, 2), -1)
    spread[ends, [0, 1]] = [2, 1]
    short = Batch(tokens=TOKENS, targets=[2, 1], lengths=lengths)
    np.testing.assert_array_equal(short.targets, spread)
    vectors = Batch(tokens=TOKENS, targets=[[0.5, 1.0], [2.0, 3.0]], lengths=lengths)
    assert vectors.targets is not None
    np.testing.assert_array_equal(vectors.targets[ends, [0, 1]], [[0.5, 1.0], [2.0, 3.0]])
    assert np.count_nonzero(vectors.targets) == 4
