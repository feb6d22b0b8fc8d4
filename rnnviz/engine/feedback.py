"""Training a network on what it says itself: teacher forcing ratio and scheduled sampling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.engine.decoding import distribution
from rnnviz.engine.network import Network
from rnnviz.engine.state import State
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array


def feed_back(
    net: Network,
    batch: Batch,
    teacher_forcing: float,
    rng: np.random.Generator,
    *,
    sampled: bool = False,
    state: State | None = None,
) -> Batch:
    """``batch`` with some of what the network reads replaced by its own previous output.

    From the second step on each token is kept with probability ``teacher_forcing``, else it is
    the network's likeliest token, or one drawn from its softmax where ``sampled`` (Bengio et
    al. 2015). The tokens are constants of the pass that follows: no gradient goes through the
    choice. The choice is made without dropout.

    Raises:
        UserError: if the ratio is no share, or the model does not read what it writes.
    """
    if not 0.0 <= teacher_forcing <= 1.0:
        raise UserError(f"teacher_forcing is {teacher_forcing}; use a share from 0 to 1")
    spec = net.spec
    decoder = spec.kind == "many-to-many"
    if spec.loss != "cross-entropy" or not (
        decoder or (spec.input_kind != "vector" and spec.input_size == spec.output_size)
    ):
        raise UserError("only a model that reads the tokens it writes can be fed its own output")
    given = batch.decoder_tokens if decoder else batch.tokens
    assert given is not None
    if teacher_forcing == 1.0:
        return batch
    tokens = given.copy()
    forced = rng.random(tokens.shape) < teacher_forcing
    carried = net.encode(batch, state) if decoder else net.start(batch, state)
    for step in range(1, len(tokens)):
        logits, carried = net.step(tokens[step - 1], carried)
        said = _say(logits, rng if sampled else None)
        tokens[step] = np.where(forced[step], given[step], said)
    return replace(batch, decoder_tokens=tokens) if decoder else replace(batch, tokens=tokens)


def _say(logits: Array, rng: np.random.Generator | None) -> Array:
    if rng is None:
        likeliest: Array = logits.argmax(axis=1)
        return likeliest
    edges = distribution(logits).cumsum(axis=1)
    chance = rng.random((len(logits), 1)) * edges[:, -1:]
    drawn: Array = (edges > chance).argmax(axis=1)
    return drawn
