"""Letting a network write: softmax → choose a token → feed it back (Sutskever et al. 2011)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.engine.batch import as_numbers
from rnnviz.engine.state import State
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.whole import whole

Ids = NDArray[np.intp]


class Stepper(Protocol):
    """What can be decoded: a network, taken one step at a time."""

    def step(self, inputs: Array, state: State | None = None) -> tuple[Array, State]:
        """Token ids (B,) to logits (B, V) and the next state."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What was written, T steps of B sequences.

    Attributes:
        tokens: (T, B) the chosen tokens; ``stop`` again after a sequence has ended.
        log_probs: (T, B) ln p of each choice as the model sees it (temperature 1, all tokens);
            0 after the end.
        probs: (T, B, V) the distribution that was drawn from, after temperature and top-k.
        lengths: (B,) tokens written, the stop token included.
        state: after the last step, to go on from.
    """

    tokens: Ids
    log_probs: Array
    probs: Array
    lengths: Ids
    state: State


def generate(
    net: Stepper,
    prompt: ArrayLike,
    steps: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    stop: int | None = None,
    state: State | None = None,
    rng: np.random.Generator | None = None,
) -> Decoded:
    """Read ``prompt`` (P, B), then write up to ``steps`` tokens, each one the next input.

    Temperature 0 is greedy and needs no ``rng``; p ∝ exp(logit / temperature) otherwise, among
    the ``top_k`` likeliest tokens if given (Fan, Lewis, Dauphin 2018). Writing ends early when
    every sequence has written ``stop``.

    Raises:
        UserError: if a setting is out of range.
    """
    whole("steps", steps, 1)
    if temperature > 0.0 and rng is None:
        raise ValueError("drawing tokens needs an explicit generator")
    logits, carried = read_prompt(net, prompt, state)
    batch = len(logits)
    ended = np.zeros(batch, np.bool_)
    lengths = np.zeros(batch, np.intp)
    tokens: list[Ids] = []
    log_probs: list[Array] = []
    probs: list[Array] = []
    for step in range(steps):
        if step:
            logits, carried = net.step(tokens[-1], carried)
        shares = distribution(logits, temperature, top_k)
        drawn = _draw(shares, rng)
        chances = np.take_along_axis(log_softmax(logits), drawn[:, None], 1)[:, 0]
        if stop is not None:
            drawn = np.where(ended, stop, drawn)
        tokens.append(drawn)
        log_probs.append(np.where(ended, 0.0, chances))
        probs.append(shares)
        lengths += ~ended
        if stop is not None:
            ended = ended | (drawn == stop)
            if ended.all():
                break
    return Decoded(np.stack(tokens), np.stack(log_probs), np.stack(probs), lengths, carried)


def distribution(logits: Array, temperature: float = 1.0, top_k: int | None = None) -> Array:
    """(B, V) probabilities to draw from, in float64; one-hot for temperature 0.

    Raises:
        UserError: if a setting is out of range.
    """
    if not 0.0 <= temperature < math.inf:
        raise UserError(f"the temperature is {temperature}; use a number from 0 (greedy) upwards")
    if top_k is not None:
        whole("top_k", top_k, 1)
    scores = logits.astype(np.float64)
    if temperature == 0.0:
        shares = np.zeros_like(scores)
        np.put_along_axis(shares, scores.argmax(1)[:, None], 1.0, 1)
        return shares
    if top_k is not None and top_k < scores.shape[1]:
        # A stable order: of equal logits the lower token ids stay.
        out = np.argsort(-scores, axis=1, kind="stable")[:, top_k:]
        np.put_along_axis(scores, out, -math.inf, 1)
    # The largest is subtracted first: what a tiny temperature makes infinite has a share of 0.
    with np.errstate(over="ignore"):
        heated = (scores - scores.max(1, keepdims=True)) / temperature
    result: Array = np.exp(log_softmax(heated))
    return result


def log_softmax(logits: Array) -> Array:
    """(B, V) ln softmax over the last axis, in float64."""
    scores = logits.astype(np.float64)
    scores = scores - scores.max(-1, keepdims=True)
    result: Array = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    return result


def _draw(shares: Array, rng: np.random.Generator | None) -> Ids:
    if rng is None:
        return np.asarray(shares.argmax(1), np.intp)
    # One uniform number for each sequence and step, whatever the distribution.
    edges = np.cumsum(shares, axis=1)
    chance = rng.random(len(shares))[:, None] * edges[:, -1:]
    return np.asarray((edges > chance).argmax(1), np.intp)


def read_prompt(net: Stepper, prompt: ArrayLike, state: State | None) -> tuple[Array, State]:
    """Feed token ids (P, B), or (P,) for one sequence; logits and state after the last.

    Raises:
        UserError: if it is empty or not made of token ids.
    """
    ids = as_numbers("the prompt", prompt)
    if ids.ndim == 1:
        ids = ids[:, None]
    if ids.ndim != 2 or not ids.size or ids.dtype.kind not in "iu":
        raise UserError("the prompt must be token ids of shape (P, B), at least one of them")
    ids = ids.astype(np.intp)
    logits, carried = net.step(ids[0], state)
    for tokens in ids[1:]:
        logits, carried = net.step(tokens, carried)
    return logits, carried
