"""How likely a network finds each character of a text that it reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network
from rnnviz.engine.state import State
from rnnviz.trace.record import Array

_STRETCHES = 16
_LEAST = 1000
"""Characters of a stretch at least: a shorter text is read in fewer."""
_RUN_UP = 192
"""Characters that are read before a stretch begins and do not count."""
_PIECE = 256
"""After so many characters a stretch that is read again is compared with what was read first."""
_SAME_STATE = 1e-3
"""Difference of two states, absolute and relative, below which what is read next counts as the
same: the perplexity of trained networks changed by less than a millionth."""
_AT_ONCE = 512
"""Characters whose distributions are in memory at the same time: with a large alphabet those of a
whole text would not fit."""


def log_likelihood(
    net: Network, ids: NDArray[Any], state: State | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Log-probability of each of ``ids[1:]`` after those before it, and the likeliest character
    instead, both (N - 1,); N is at least 2. Reading begins in ``state`` (1, …); None: in the
    network's own start state.

    A long text is read in stretches side by side, which takes 0.4 to 0.6 of the time. Each of them
    but the first begins in the state that the `_RUN_UP` characters before it lead to. A network
    may remember for longer, so that the stretch before ends in another state: then the stretch is
    read again from there, until it comes to a state in which it was before.
    Where the network reads backwards, too, a text is read in pieces as long as can be instead.
    """
    steps = len(ids) - 1
    count = 1 if net.spec.bidirectional else min(max(steps // _LEAST, 1), _STRETCHES)
    reading = _Reading(net, ids, count)
    begun = state or State({})
    states = [reading.beginnings(begun) if count > 1 else begun]
    for piece in reading.pieces:
        states.append(reading.read(slice(None), piece, states[-1]))
    for k in range(1, count):
        before, own = slice(k - 1, k), slice(k, k + 1)
        state = _part(states[-1], before)
        known = _alike(state, _part(states[0], own))
        for piece, after in zip(reading.pieces, states[1:], strict=True):
            if known:
                break
            state = reading.read(own, piece, state)
            known = _alike(state, _part(after, own))
            for name, array in state.items():
                after[name][own] = array
    return reading.log_probs.ravel()[:steps], reading.answers.ravel()[:steps]


class _Reading:
    """A text in ``count`` stretches, with what was found in each, (stretches, length).

    The last stretch may be a little shorter: what is read beyond the end does not count.
    """

    def __init__(self, net: Network, ids: NDArray[Any], count: int) -> None:
        self._net, self._ids = net, ids
        length = -(-(len(ids) - 1) // count)
        self._starts = np.arange(count) * length
        size = _PIECE if count > 1 else _AT_ONCE
        self.pieces = [range(t, min(t + size, length)) for t in range(0, length, size)]
        self.log_probs = np.empty((count, length))
        self.answers = np.empty((count, length), dtype=np.intp)

    def read(self, stretches: slice, piece: range, state: State) -> State:
        """Read ``piece`` of some stretches from ``state``; the state after it."""
        starts = self._starts[stretches]
        for some in _in_parts(piece, _AT_ONCE // len(starts)):
            places, logits = self._pass(starts, some, state)
            state = self._net.final_state
            logits = logits.astype(np.float64)
            logits -= logits.max(axis=-1, keepdims=True)
            targets = self._ids[places + 1].astype(np.intp)[..., None]
            right = np.take_along_axis(logits, targets, axis=-1)[..., 0]
            columns = slice(some.start, some.stop)
            self.answers[stretches, columns] = logits.argmax(axis=-1).T
            self.log_probs[stretches, columns] = (right - np.log(np.exp(logits).sum(axis=-1))).T
        return state

    def beginnings(self, begun: State) -> State:
        """The state at the beginning of the text, and at the other stretches' after what is before
        them."""
        state = begun.select(np.zeros(len(self._starts), np.intp))
        for some in _in_parts(range(-_RUN_UP, 0), _AT_ONCE // len(self._starts)):
            self._pass(self._starts, some, state)
            state = self._net.final_state
        first = begun or self._net.start(Batch(tokens=self._ids[:1, None]))
        for name, array in state.items():
            array[0] = first[name][0]
        return state

    def _pass(
        self, starts: NDArray[np.intp], piece: range, state: State
    ) -> tuple[NDArray[np.intp], Array]:
        """Which characters that is, (T, B), and the outputs (T, B, V)."""
        places = np.arange(piece.start, piece.stop)[:, None] + starts
        places = places.clip(0, len(self._ids) - 2)
        return places, self._net.outputs(Batch(tokens=self._ids[places]), state or None)


def _in_parts(piece: range, most: int) -> list[range]:
    return [piece[k : k + most] for k in range(0, len(piece), most)]


def _part(state: State, rows: slice) -> State:
    return State({name: array[rows] for name, array in state.items()})


def _alike(one: State, other: State) -> bool:
    return all(
        np.allclose(array, other[name], _SAME_STATE, _SAME_STATE, equal_nan=True)
        for name, array in one.items()
    )
