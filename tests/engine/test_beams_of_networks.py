"""A beam wide enough for everything, beside every answer scored by a pass of its own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.engine.beam import beam_search
from rnnviz.engine.decoding import log_softmax
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Attention, CellKind

V, STEPS, LENGTHS = 3, 3, np.array([5, 3])
Answer = tuple[int, ...]


def answers(stop: int | None) -> set[Answer]:
    """Everything that can be written in STEPS steps."""
    whole = itertools.product(range(V), repeat=STEPS)
    return {s[: s.index(stop) + 1] if stop in s else s for s in whole}


def score(net: Network, tokens: np.ndarray, answer: Answer) -> float:
    """ln p of an answer by one pass that is given it, with no step taken by itself."""
    read = np.array([[0], *([t] for t in answer[:-1])])
    if net.spec.kind == "many-to-many":
        batch = Batch(tokens=tokens, decoder_tokens=read)
    else:
        batch = Batch(tokens=np.concatenate([tokens, read]))
    found = log_softmax(net.outputs(batch)[-len(answer) :, 0])
    return float(found[np.arange(len(answer)), answer].sum())


@pytest.mark.parametrize("stop", [None, 2])
@pytest.mark.parametrize("attention", ["none", "dot", "general", "additive"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_beam_over_everything_finds_every_answer_in_the_order_of_its_chance(
    cell: CellKind, attention: Attention, stop: int | None, rng: np.random.Generator
) -> None:
    spec = ModelSpec(
        input_size=V, hidden_size=4, output_size=V, kind="many-to-many", cell=cell,
        attention=attention, bidirectional=True, layers=2,
    )  # fmt: skip
    net = Network.create(spec, rng=rng, dtype=np.float64)
    tokens = rng.integers(0, V, (LENGTHS.max(), len(LENGTHS)))
    start = np.zeros((1, len(LENGTHS)), np.intp)
    state = net.encode(Batch(tokens=tokens, lengths=LENGTHS, decoder_tokens=start))
    beams = beam_search(net, start, STEPS, width=V**STEPS, stop=stop, state=state)
    for b, beam in enumerate(beams):
        known = {a: score(net, tokens[: LENGTHS[b], b : b + 1], a) for a in answers(stop)}
        assert {h.tokens for h in beam.hypotheses} == known.keys()
        totals = [h.total for h in beam.hypotheses]
        assert totals == sorted(totals, reverse=True)
        np.testing.assert_allclose(totals, [known[h.tokens] for h in beam.hypotheses], atol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_the_same_of_a_model_that_goes_on_with_its_own_input(
    cell: CellKind, rng: np.random.Generator
) -> None:
    net = Network.create(
        ModelSpec(input_size=V, hidden_size=4, output_size=V, cell=cell), rng=rng, dtype=np.float64
    )
    tokens = rng.integers(0, V, (2, 1))
    prompt = np.concatenate([tokens, [[0]]])
    (beam,) = beam_search(net, prompt, STEPS, width=V**STEPS)
    known = {a: score(net, tokens, a) for a in answers(None)}
    assert [h.tokens for h in beam.hypotheses] == sorted(known, key=known.__getitem__, reverse=True)
