"""Counting words, their order lost: what the baselines of sentences look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.dataset import Data
from rnnviz.tasks.logistic import Floats, logistic_accuracy

_ROWS_MOST = 3000
_WORDS_MOST = 1000


def bag_of_words(tokens: NDArray[np.intp], lengths: NDArray[np.intp], size: int) -> Floats:
    """How often each word occurs in each row, (N, size); the order is lost."""
    counts = np.zeros((len(tokens), size))
    for step in range(tokens.shape[1]):
        there = np.flatnonzero(step < lengths)
        np.add.at(counts, (there, tokens[there, step]), 1)
    return counts


def word_count_baseline(train: Data, held_out: Data, size: int) -> tuple[float, str]:
    """Logistic regression on how often each word occurs.

    Words are numbered by how common they are, so that of a large vocabulary the commonest count.
    """
    parts = []
    for data in (train, held_out):
        assert data.tokens is not None
        assert data.lengths is not None
        some = slice(0, _ROWS_MOST)
        counts = bag_of_words(data.tokens[some], data.lengths[some], size)
        parts.append((counts[:, :_WORDS_MOST], data.targets[some]))
    classes = int(max(part[1].max() for part in parts)) + 1
    return logistic_accuracy(parts[0], parts[1], classes), "logistic regression on word counts"
