"""What a decoder writes when it is fed its own words, the likeliest one at every step."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network

AnyBatch = TypeVar("AnyBatch", bound=Batch)


def write(
    net: Network, batch: AnyBatch, start: int, end: int, steps: int
) -> tuple[AnyBatch, NDArray[np.intp]]:
    """The batch with the tokens the network fed itself, and what it wrote, (steps, B).

    After ``end`` the writing is -1. The steps of a decoder only look back, so each pass over the
    whole length settles one more token.
    """
    fed = np.full((steps, batch.batch_size), start, dtype=np.intp)
    written = np.full_like(fed, -1)
    writing = np.ones(batch.batch_size, dtype=bool)
    for step in range(steps):
        logits = net.outputs(_feed(batch, fed))
        best = logits[step].argmax(axis=-1)
        written[step, writing] = best[writing]
        writing &= best != end
        if not writing.any():
            steps = step + 1
            break
        if step + 1 < steps:
            fed[step + 1] = best
    return _feed(batch, fed[:steps]), written[:steps]


def _feed(batch: AnyBatch, tokens: NDArray[np.intp]) -> AnyBatch:
    if batch.decoder_tokens is not None:
        return replace(batch, decoder_tokens=tokens, targets=None, mask=None)
    return replace(batch, tokens=tokens, targets=None, mask=None, lengths=None)
