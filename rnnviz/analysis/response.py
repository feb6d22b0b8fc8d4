"""What a unit does, on average, when a token is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import check_finite, find, layer_named
from rnnviz.analysis.saturation import counted_steps
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """Per token that occurs (W of them) and unit: mean and quantiles of Δh.

    ``tokens`` (W,) ids rising, ``count`` (W,); ``mean`` (W, H); ``quantiles`` (5, W, H) at
    9, 25, 50, 75 and 91 %.
    """

    tokens: NDArray[np.intp]
    count: NDArray[np.intp]
    mean: Array
    quantiles: Array


QUANTILES = (0.09, 0.25, 0.5, 0.75, 0.91)


def expected_response(trace: Trace, layer: str | None = None) -> Response:
    """r[w, j] = mean over the occurrences of token w of Δh_t[j] = h_t[j] − h_{t−1}[j].

    ``mean`` is (W, H). Over all steps and sequences of the pass without padding. For a
    reverse direction the previous state is the later step's.

    Source: Ming et al., *Understanding Hidden Memories of Recurrent Neural Networks* (RNNVis,
    arXiv 1710.10777, VAST 2017): the expected response of a hidden unit to a word.

    Raises:
        UserError: if the model does not read tokens, or a state is not finite.
    """
    name = layer_named(trace, layer)
    tokens = trace.get(f"{name.prefix}tokens")
    if tokens is None:
        raise UserError("this model reads vectors, not tokens: there is no word to respond to")
    h = find(trace, name.array("h")).astype(np.float64)
    check_finite(name.array("h"), h)
    before = _previous(trace, name.array("h0"), h, name.reverse)
    check_finite(name.array("h0"), before)
    change = h - before
    counted = counted_steps(trace, name.prefix)
    read, moved = tokens[counted], change[counted]
    ids, count = np.unique(read, return_counts=True)
    groups = [moved[read == token] for token in ids]
    mean = np.stack([group.mean(axis=0) for group in groups])
    quantiles = np.stack([np.quantile(group, QUANTILES, axis=0) for group in groups], axis=1)
    return Response(ids, count, mean, quantiles)


def _previous(trace: Trace, initial: str, h: Array, reverse: bool) -> Array:
    h0 = trace.get(initial)
    first = np.zeros_like(h[:1]) if h0 is None else h0[None].astype(np.float64)
    return np.concatenate([h[1:], first] if reverse else [first, h[:-1]])
