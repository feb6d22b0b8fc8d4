"""What a decoder writes by itself, for several sequences that end at different times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np

from rnnviz.engine import Batch, Network
from rnnviz.engine.decoding import generate
from rnnviz.tasks.free_running import write
from rnnviz.trace import ModelSpec

START, END, V = 0, 1, 5


class Counter:
    """Says after each token the next higher one, and END after the highest of each sequence."""

    def __init__(self, highest: list[int]) -> None:
        self.highest, self.passes = np.array(highest), 0

    def outputs(self, batch: Batch) -> Any:
        self.passes += 1
        read = batch.decoder_tokens if batch.decoder_tokens is not None else batch.tokens
        assert read is not None
        assert batch.targets is None
        said = np.where(read == START, 2, read + 1)
        return np.eye(V)[np.where(said > self.highest, END, said) % V]


def test_writing_ends_with_the_longest_answer_and_each_for_itself() -> None:
    net = Counter([4, 2, 3])
    batch = Batch(tokens=np.zeros((2, 3), int), decoder_tokens=np.zeros((9, 3), int))
    fed, written = write(cast("Network", net), batch, START, END, 9)
    assert written.T.tolist() == [[2, 3, 4, END], [2, END, -1, -1], [2, 3, END, -1]]
    assert fed.decoder_tokens is not None
    assert len(fed.decoder_tokens) == 4
    assert fed.decoder_tokens[:, 0].tolist() == [START, 2, 3, 4]
    assert fed.targets is None
    assert net.passes == 4
    np.testing.assert_array_equal(fed.tokens, batch.tokens)


def test_what_never_ends_is_as_long_as_it_may_be() -> None:
    net = Counter([9, 9])
    batch = Batch(tokens=np.zeros((3, 2), int), targets=np.zeros((3, 2), int), lengths=[3, 2])
    fed, written = write(cast("Network", net), batch, START, END, 2)
    assert written.tolist() == [[2, 2], [3, 3]]
    assert fed.tokens is not None
    assert fed.tokens.tolist() == [[START, START], [2, 2]]
    assert fed.lengths is None
    assert net.passes == 2


def test_a_network_writes_in_passes_what_it_writes_step_by_step(rng: np.random.Generator) -> None:
    spec = ModelSpec(
        input_size=V, hidden_size=6, output_size=V, kind="many-to-many", attention="dot"
    )
    net = Network.create(spec, rng=rng, dtype=np.float64)
    net.params.flat[:] *= 4.0
    read = Batch(tokens=rng.integers(0, V, (4, 8)), lengths=rng.integers(1, 5, 8))
    start = np.full((1, 8), START)
    told = generate(net, start, 6, temperature=0, stop=END, state=net.encode(read))
    _, written = write(net, replace(read, decoder_tokens=start), START, END, 6)
    for b, length in enumerate(told.lengths):
        assert written[:length, b].tolist() == told.tokens[:length, b].tolist()
        assert (written[length:, b] == -1).all()
