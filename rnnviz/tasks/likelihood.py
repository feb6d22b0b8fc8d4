"""How likely a network finds each character of a text that it reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network
from rnnviz.engine.state import State

_STRETCHES = 16
_LEAST = 1000
"""Characters of a stretch at least: a shorter text is read in fewer."""
_RUN_UP = 192
"""Characters that are read before a stretch begins and do not count."""
_AT_ONCE = 512
"""Characters whose distributions are in memory at the same time: with a large alphabet those of a
whole text would not fit."""


def log_likelihood(net: Network, ids: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Log-probability of each of ``ids[1:]`` after those before it, and the likeliest character
    instead, both (N - 1,); N is at least 2.

    A long text is read in stretches side by side, which takes 0.3 to 0.7 of the time. Each of them
    but the first has read the `_RUN_UP` characters before it, so that it knows where it is.
    Where the network reads backwards, too, a text is read in pieces as long as can be instead.
    """
    steps = len(ids) - 1
    count = 1 if net.spec.bidirectional else min(max(steps // _LEAST, 1), _STRETCHES)
    length = -(-steps // count)
    starts = np.arange(count) * length
    at_once = min(_AT_ONCE // count, length)
    log_probs = np.empty((count, length))
    answers = np.empty((count, length), dtype=np.intp)
    state = _run_up(net, ids, starts, at_once) if count > 1 else None
    for begin in range(0, length, at_once):
        end = min(begin + at_once, length)
        # The last stretch may be a little shorter: what it reads beyond the end does not count.
        places = np.minimum(np.arange(begin, end)[:, None] + starts, steps - 1)
        logits = net.outputs(Batch(tokens=ids[places]), state).astype(np.float64)
        state = net.final_state
        logits -= logits.max(axis=-1, keepdims=True)
        targets = ids[places + 1].astype(np.intp)[..., None]
        right = np.take_along_axis(logits, targets, axis=-1)[..., 0]
        answers[:, begin:end] = logits.argmax(axis=-1).T
        log_probs[:, begin:end] = (right - np.log(np.exp(logits).sum(axis=-1))).T
    return log_probs.ravel()[:steps], answers.ravel()[:steps]


def _run_up(net: Network, ids: NDArray[Any], starts: NDArray[np.intp], at_once: int) -> State:
    """The state at the beginning of the text, and at the other ``starts`` after what is before."""
    state: State | None = None
    first: State | None = None
    for begin in range(-_RUN_UP, 0, at_once):
        places = np.maximum(np.arange(begin, min(begin + at_once, 0))[:, None] + starts, 0)
        batch = Batch(tokens=ids[places])
        first = net.start(batch) if first is None else first
        net.outputs(batch, state)
        state = net.final_state
    assert first is not None
    assert state is not None
    arrays = {name: array.copy() for name, array in state.items()}
    for name, array in arrays.items():
        array[0] = first[name][0]
    return State(arrays)
