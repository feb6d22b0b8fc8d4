"""Copy the answer of the most similar training sentence: the baseline of translation."""

from __future__ import annotations

import numpy as np

from rnnviz.tasks.dataset import Data
from rnnviz.tasks.logistic import Floats, bag_of_words


def nearest_baseline(train: Data, held_out: Data, size: int) -> tuple[float, str]:
    """Exact matches of the answer whose source is nearest by the cosine of word counts."""
    source, asked = _directions(train, size), _directions(held_out, size)
    right = 0
    for start in range(0, len(asked), 200):
        nearest = (asked[start : start + 200] @ source.T).argmax(axis=1)
        for row, found in enumerate(nearest, start):
            wanted, given = held_out.targets[row], train.targets[found]
            right += np.array_equal(wanted[wanted >= 0], given[given >= 0])
    return right / len(asked), "the answer to the most similar training sentence"


def _directions(data: Data, size: int) -> Floats:
    assert data.tokens is not None
    assert data.lengths is not None
    counts = bag_of_words(data.tokens, data.lengths, size)
    result: Floats = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    return result
