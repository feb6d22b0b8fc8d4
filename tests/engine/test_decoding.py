"""Greedy, sampled and beam decoding."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.beam import beam_search
from rnnviz.engine.decoding import distribution, generate, log_softmax
from rnnviz.engine.network import Network
from rnnviz.engine.state import State
from rnnviz.trace import ModelSpec, UserError

V = 4


class Chain:
    """A model whose logits depend on the last token and on how many it has read."""

    def __init__(self) -> None:
        self.table = np.random.default_rng(1).normal(0, 2, (3, V, V))

    def step(self, inputs: Any, state: State | None = None) -> tuple[Any, State]:
        count = np.zeros(len(inputs), np.intp) if state is None else state["count"]
        return self.table[count % 3, inputs], State({"count": count + 1})


class Always:
    """A model that says the same at every step."""

    def __init__(self, logits: Any) -> None:
        self.logits = logits

    def step(self, inputs: Any, state: State | None = None) -> tuple[Any, State]:
        return self.logits, State({})


def test_greedy_takes_the_likeliest_token_and_feeds_it_back() -> None:
    net = Chain()
    found = generate(net, [[0, 1]], 5, temperature=0)
    last = np.array([0, 1])
    for t in range(5):
        logits = net.table[t % 3, last]
        last = logits.argmax(1)
        np.testing.assert_array_equal(found.tokens[t], last)
        np.testing.assert_allclose(found.log_probs[t], log_softmax(logits).max(1))
    assert found.lengths.tolist() == [5, 5]


def test_a_longer_prompt_is_read_before_anything_is_written() -> None:
    net = Chain()
    whole = generate(net, [2], 6, temperature=0)
    rest = generate(net, [2, *whole.tokens[:3, 0]], 3, temperature=0)
    np.testing.assert_array_equal(rest.tokens, whole.tokens[3:])


def test_the_state_continues_where_the_writing_stopped() -> None:
    net = Chain()
    whole = generate(net, [2], 6, temperature=0)
    first = generate(net, [2], 3, temperature=0)
    rest = generate(net, first.tokens[-1:], 3, temperature=0, state=first.state)
    np.testing.assert_array_equal(rest.tokens, whole.tokens[3:])


def test_the_highest_of_all_draws_is_no_token_that_cannot_come() -> None:
    class Highest(np.random.Generator):
        def random(self, *size: Any) -> Any:
            return np.full(size, np.nextafter(1.0, 0.0))

    # Rounded, these shares add up to a little less than 1, and to a little more.
    for shares in (10, 11, 49, 1000):
        logits = np.zeros((1, shares + 2))
        logits[0, [0, -1]] = -1e4
        sums = distribution(logits).cumsum()[-1]
        net = Always(logits)
        drawn = generate(net, [0], 1, rng=Highest(np.random.PCG64(0))).tokens[0, 0]
        assert drawn == shares, sums


def test_the_same_seed_writes_the_same_and_each_sequence_draws_for_itself() -> None:
    net = Chain()
    runs = [generate(net, [[0] * 8], 9, rng=np.random.default_rng(5)).tokens for _ in range(2)]
    np.testing.assert_array_equal(*runs)
    assert len({tuple(column) for column in runs[0].T}) > 1


def test_tokens_are_drawn_as_often_as_their_probability_says() -> None:
    net = Chain()
    found = generate(net, np.zeros((1, 20_000), int), 1, rng=np.random.default_rng(0))
    shares = np.bincount(found.tokens[0], minlength=V) / 20_000
    np.testing.assert_allclose(shares, found.probs[0, 0], atol=0.015)


def test_without_a_temperature_the_softmax_itself_is_drawn_from() -> None:
    net = Chain()
    found = generate(net, [1], 1, rng=np.random.default_rng(0))
    np.testing.assert_allclose(found.probs[0, 0], np.exp(log_softmax(net.table[0, 1])))


def test_the_logarithm_of_a_chance_of_nearly_nothing_is_exact() -> None:
    np.testing.assert_array_equal(log_softmax(np.array([[1000.0, 0.0]])), [[0.0, -1000.0]])


def test_what_has_no_chance_is_never_drawn_whatever_the_generator_says() -> None:
    class Zero:
        def random(self, size: Any) -> Any:
            return np.zeros(size)

    class Sure:
        def step(self, inputs: Any, state: State | None = None) -> tuple[Any, State]:
            return np.array([[-np.inf, 0.0, -np.inf]]), State({})

    rng: Any = Zero()
    assert generate(Sure(), [0], 2, rng=rng).tokens.ravel().tolist() == [1, 1]


def test_temperature_sharpens_and_flattens() -> None:
    logits = np.array([[0.0, 1.0, 2.0, -1.0]])
    np.testing.assert_allclose(distribution(logits), np.exp(logits) / np.exp(logits).sum())
    np.testing.assert_allclose(distribution(logits, 1e-9), [[0, 0, 1, 0]])
    np.testing.assert_allclose(distribution(logits, 1e9), 0.25, atol=1e-8)
    np.testing.assert_array_equal(distribution(logits, 0.0), [[0, 0, 1, 0]])


def test_top_k_leaves_the_likeliest_in_their_proportions() -> None:
    logits = np.array([[0.0, 1.0, 1.0, 1.0], [3.0, 1.0, 2.0, 0.0]])
    shares = distribution(logits, top_k=2)
    np.testing.assert_allclose(shares[0], [0, 0.5, 0.5, 0])
    full = distribution(logits)[1]
    np.testing.assert_allclose(shares[1], [full[0], 0, full[2], 0] / (full[0] + full[2]))
    np.testing.assert_allclose(distribution(logits, top_k=9), distribution(logits))


def test_the_one_likeliest_token_is_what_a_greedy_choice_takes() -> None:
    logits = np.array([[0.0, 1.0, 2.0, -1.0]])
    np.testing.assert_array_equal(distribution(logits, top_k=1), distribution(logits, 0.0))


def test_of_equal_logits_those_of_lower_ids_are_among_the_likeliest() -> None:
    shares = distribution(np.zeros((1, 40)), top_k=3)
    np.testing.assert_allclose(shares[0], [1 / 3] * 3 + [0.0] * 37)


def test_a_temperature_close_to_nothing_chooses_without_a_warning() -> None:
    np.testing.assert_array_equal(distribution(np.array([[0.0, 1e300]]), 5e-324), [[0, 1]])


def test_a_sequence_that_wrote_stop_stays_stopped() -> None:
    found = generate(Chain(), [[0] * 6], 30, stop=3, rng=np.random.default_rng(2))
    for b, length in enumerate(found.lengths):
        column = found.tokens[:, b].tolist()
        assert 3 not in column[: length - 1]
        assert column[length - 1 :] == [3] * (len(column) - length + 1)
        assert not found.log_probs[length:, b].any()
    assert len(found.tokens) == found.lengths.max() < 30


def best_by_force(net: Chain, start: int, steps: int) -> list[tuple[float, tuple[int, ...]]]:
    answers = []
    for tokens in itertools.product(range(V), repeat=steps):
        last, total = start, 0.0
        for t, token in enumerate(tokens):
            total += float(log_softmax(net.table[t % 3, last])[token])
            last = token
        answers.append((total, tokens))
    return sorted(answers, reverse=True)


def test_a_beam_as_wide_as_the_tree_finds_the_best_answers_in_order() -> None:
    net = Chain()
    beams = beam_search(net, [[0, 2]], 3, width=V**3)
    for beam, start in zip(beams, (0, 2), strict=True):
        expected = best_by_force(net, start, 3)
        assert [h.tokens for h in beam.hypotheses] == [tokens for _, tokens in expected]
        assert [h.total for h in beam.hypotheses] == pytest.approx([t for t, _ in expected])


def test_a_beam_of_one_is_greedy() -> None:
    net = Chain()
    (beam,) = beam_search(net, [1], 7, width=1)
    greedy = generate(net, [1], 7, temperature=0)
    assert beam.hypotheses[0].tokens == tuple(greedy.tokens[:, 0])
    assert beam.hypotheses[0].log_probs == pytest.approx(greedy.log_probs[:, 0].tolist())


def test_the_tree_shows_what_was_kept_and_leads_to_every_answer() -> None:
    (beam,) = beam_search(Chain(), [0], 4, width=3, stop=3)
    assert all(node.ended == (node.token == 3) for node in beam.tree)
    assert [node.parent for node in beam.tree if node.step == 0] == [-1] * 3
    for step in range(max(node.step for node in beam.tree) + 1):
        level = [node for node in beam.tree if node.step == step]
        kept = [node.total for node in level if node.kept]
        dropped = [node.total for node in level if not node.kept]
        assert len(kept) == min(3, len(level))
        assert not dropped or min(kept) >= max(dropped)
    for answer in beam.hypotheses:
        at, path = answer.node, []
        while at >= 0:
            assert beam.tree[at].kept
            path.append(beam.tree[at].token)
            at = beam.tree[at].parent
        assert tuple(reversed(path)) == answer.tokens
        assert answer.total == pytest.approx(sum(answer.log_probs))
        assert 3 not in answer.tokens[:-1]


def test_a_length_penalty_ranks_by_the_mean_log_probability() -> None:
    (beam,) = beam_search(Chain(), [0], 6, width=4, stop=3, length_penalty=1.0)
    scores = [h.total / len(h.tokens) for h in beam.hypotheses]
    assert [h.score for h in beam.hypotheses] == pytest.approx(scores)
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_a_real_network_in_a_beam_agrees_with_itself_run_alone(cell: Any) -> None:
    spec = ModelSpec(input_size=V, hidden_size=6, output_size=V, cell=cell)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    for beam in beam_search(net, [[0, 1], [2, 3]], 4, width=3):
        assert len(beam.hypotheses) == 3
    (beam,) = beam_search(net, [0], 4, width=3)
    for answer in beam.hypotheses:
        state, last, total = None, 0, 0.0
        for token in answer.tokens:
            logits, state = net.step(np.array([last]), state)
            total += float(log_softmax(logits)[0, token])
            last = token
        assert answer.total == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"steps": 0}, "steps is 0; use a whole number from 1"),
        ({"steps": 2.5}, "steps is 2.5; use a whole number"),
        ({"temperature": -1.0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_k": 0}, "top_k"),
        ({"top_k": 1.5}, "top_k is 1.5; use a whole number"),
        ({"prompt": []}, "prompt"),
        ({"prompt": [0.5]}, "prompt"),
        ({"prompt": np.zeros((0, 1), int)}, "at least one"),
        ({"prompt": [[[0]]]}, "prompt"),
        ({"prompt": [[0], [1, 2]]}, "prompt is no rectangular array"),
        ({"temperature": float("inf")}, "temperature"),
    ],
)
def test_what_cannot_work_is_refused_in_words(options: dict[str, Any], cause: str) -> None:
    settings = {"prompt": [0], "steps": 3, "rng": np.random.default_rng(0)} | options
    with pytest.raises(UserError, match=cause):
        generate(Chain(), **settings)


@pytest.mark.parametrize(
    "options",
    [{"steps": 0}, {"steps": 1.5}, {"width": 0}, {"width": 2.5}, {"length_penalty": -1.0}],
)
def test_a_beam_that_cannot_be_is_refused_in_words(options: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"whole number from 1|from 0 to 10"):
        beam_search(Chain(), [0], **({"steps": 3} | options))


def test_drawing_without_a_generator_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="generator"):
        generate(Chain(), [0], 3)


@pytest.mark.parametrize("attention", ["none", "dot", "additive"])
def test_a_decoder_writes_from_what_its_encoder_read(attention: Any) -> None:
    spec = ModelSpec(
        input_size=5, hidden_size=6, output_size=V, kind="many-to-many", attention=attention
    )
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    batch = Batch(tokens=np.array([[0, 4], [1, 3], [2, 0]]), lengths=np.array([3, 2]))
    start = [[0, 0]]
    found = generate(net, start, 4, temperature=0, state=net.encode(batch))
    forced = np.vstack([start, found.tokens[:-1]])
    whole = Batch(tokens=batch.tokens, lengths=batch.lengths, decoder_tokens=forced)
    np.testing.assert_array_equal(net.outputs(whole).argmax(2), found.tokens)
    beams = beam_search(net, start, 4, width=V**3, state=net.encode(batch))
    for b, beam in enumerate(beams):
        assert beam.hypotheses[0].total >= found.log_probs[:, b].sum() - 1e-12
        single = Batch(
            tokens=batch.tokens[: batch.lengths[b], b : b + 1],
            decoder_tokens=np.array([[0, *beam.hypotheses[0].tokens[:-1]]]).T,
        )
        chances = log_softmax(net.outputs(single)[:, 0])
        total = chances[range(4), beam.hypotheses[0].tokens].sum()
        assert beam.hypotheses[0].total == pytest.approx(total, abs=1e-12)
