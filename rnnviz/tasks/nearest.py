"""Copy the answer of the most similar training sentence: the baseline of translation."""

from __future__ import annotations

import numpy as np

from rnnviz.tasks.dataset import Data
from rnnviz.tasks.logistic import Floats
from rnnviz.tasks.word_counts import bag_of_words

_ROWS_MOST = 10_000
_WORDS_MOST = 2000


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
    some = slice(0, _ROWS_MOST)
    counts = bag_of_words(data.tokens[some], data.lengths[some], size)[:, :_WORDS_MOST]
    result: Floats = counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1.0)
    return result
