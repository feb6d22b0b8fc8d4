"""Many gradients walked back through time at once, each with its own exponent.

Row k of a (K, S) matrix is one gradient; one matrix product a step pulls all of them through
J_tᵀ. Vanishing rows would sink into denormals (ten times slower) and then to zero, exploding ones
overflow. So a row that leaves a comfortable range is multiplied by an exact power of two, and
the power is kept beside it: norms of 1e-180 are exact even in float32.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.steps import Steps

Array = NDArray[Any]

# A squared norm outside of these calls for rescaling: one step may still shrink or lengthen a
# row by some 1e6 before its square leaves the range of float32 (and then the rescaled row is
# measured again). Rows outside of the inner range are taken along, so that rows which fade
# together are rescaled together and seldom.
_LOW, _HIGH = 1e-24, 1e24
_INNER_LOW, _INNER_HIGH = 1e-8, 1e8


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Where the gradients start, in processing order.

    At step t ``vectors[t]`` (H,) is added to row ``row[t]`` (−1: to none). Rows below
    ``first[t]`` have not started yet when the sweep, which runs backward, reaches step t.
    """

    vectors: Array
    row: NDArray[np.intp]
    first: NDArray[np.intp]
    rows: int

    @classmethod
    def one_per_step(cls, vectors: Array) -> Seeds:
        """Row t starts at step t: a loss at every step."""
        steps = np.arange(len(vectors))
        return cls(vectors, steps, steps, len(vectors))

    @classmethod
    def single(cls, vectors: Array, steps: Array) -> Seeds:
        """One gradient that ``steps`` add to (one step for a single loss, all for a pooled one)."""
        row = np.full(len(vectors), -1, dtype=np.intp)
        row[steps] = 0
        return cls(vectors, row, np.zeros(len(vectors), dtype=np.intp), 1)


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """What the sweep holds at step t of one layer: row k is ``scaled[k − first] · 2^exponent``.

    ``scaled`` (n, S) is overwritten when the sweep goes on. ``square`` (n,) is ‖scaled‖².
    """

    layer: int
    step: int
    first: int
    scaled: Array
    exponent: NDArray[np.int32]
    square: Array

    @property
    def rows(self) -> slice:
        return slice(self.first, self.first + len(self.scaled))


class _Layer:
    """The rows of one layer, double-buffered."""

    def __init__(self, steps: Steps, rows: int) -> None:
        self.steps = steps
        self.now = np.zeros((rows, steps.state_size), steps.dtype)
        self.next = np.zeros_like(self.now)
        self.exponent = np.zeros(rows, np.int32)
        # 1 for rows that are exactly zero, so that they are not mistaken for tiny ones.
        self.dead = np.ones(rows, steps.dtype)

    def pull(self, t: int, rows: slice) -> None:
        """All rows from the state after step t to the state before it."""
        self.steps.pull(self.now[rows], t, self.next[rows])
        self.now, self.next = self.next, self.now

    def seed(self, row: int, vector: Array) -> None:
        H = self.steps.hidden_size
        self.now[row, :H] += np.ldexp(vector, -self.exponent[row])
        self.dead[row] = 0.0

    def add(self, rows: slice, above: Array, exponent: NDArray[np.int32]) -> None:
        """``above`` (n, H) · 2^exponent from the layer on top, at whichever scale is larger."""
        own = self.exponent[rows]
        alive = self.dead[rows] == 0.0
        common = np.where(alive, np.maximum(own, exponent), exponent)
        H = self.steps.hidden_size
        if not np.array_equal(common, own):
            self.now[rows] *= power_of_two(own - common, self.now.dtype)[:, None]
            self.exponent[rows] = common
        if np.array_equal(common, exponent):
            self.now[rows, :H] += above
        else:
            self.now[rows, :H] += above * power_of_two(exponent - common, self.now.dtype)[:, None]
        self.dead[rows] = 0.0

    def measure(self, rows: slice) -> Array:
        """‖row‖², after bringing back the rows that went out of range."""
        now, dead = self.now[rows], self.dead[rows]
        with np.errstate(over="ignore"):  # then it is infinite, and brought back below
            square = np.vecdot(now, now)
        shown = square + dead
        if shown.min(initial=1.0) < _LOW or shown.max(initial=1.0) > _HIGH:
            far = (shown < _INNER_LOW) | ~(shown <= _INNER_HIGH)
            self._rescale(now, self.exponent[rows], dead, far)
            square = np.vecdot(now, now)
        return np.asarray(square)

    def held(self, index: int, t: int, rows: slice) -> Gradients:
        square = self.measure(rows)
        return Gradients(index, t, rows.start, self.now[rows], self.exponent[rows], square)

    def forget(self) -> None:
        """All rows end here: before a cut there is no gradient."""
        self.now[:] = 0.0
        self.dead[:] = 1.0
        self.exponent[:] = 0

    @staticmethod
    def _rescale(now: Array, exponent: Array, dead: Array, far: Array) -> None:
        largest = np.abs(now[far]).max(axis=1)
        _, shift = np.frexp(largest)
        now[far] = np.ldexp(now[far], -shift[:, None])
        exponent[far] += shift
        dead[far] = largest == 0.0


def power_of_two(exponent: Array, dtype: Any) -> Array:
    # ldexp of the difference: beyond the range of the type it is 0, as it should be.
    return np.asarray(np.ldexp(np.ones(1, dtype), exponent))


def sweep(
    layers: Sequence[Steps], seeds: Seeds, cuts: Sequence[int] = (), residual: bool = False
) -> Iterator[Gradients]:
    """Walk all seeds back through a stack of layers (bottom first, all in one direction).

    Yields, for t = n−1 … 0 and from the top layer down, ∂(seed k)/∂s_t of that layer: for the
    LSTM with h and c as independent coordinates (the way c_t acts through h_t is in the h part).
    ``cuts`` are processing steps before which no gradient goes. ``residual``: each layer but
    the first adds its input to its output.
    """
    stack = [_Layer(steps, seeds.rows) for steps in layers]
    stop = seeds.rows
    starts = seeds.vectors.any(axis=1) & (seeds.row >= 0)
    firsts = seeds.first.tolist()
    barriers = frozenset(cuts)
    last = layers[0].steps - 1
    with np.errstate(under="ignore"):
        for t in range(last, -1, -1):
            if t + 1 in barriers:
                stop = firsts[t] + 1
                for layer in stack:
                    layer.forget()
            elif t < last:
                earlier = slice(firsts[t + 1], stop)
                for layer in stack:
                    layer.pull(t + 1, earlier)
            rows = slice(firsts[t], stop)
            if len(stack) > 1:
                yield from _through_the_stack(stack, seeds, t, rows, residual)
                continue
            if starts[t]:
                stack[0].seed(int(seeds.row[t]), seeds.vectors[t])
            yield stack[0].held(0, t, rows)


def _through_the_stack(
    stack: list[_Layer], seeds: Seeds, t: int, rows: slice, residual: bool
) -> Iterator[Gradients]:
    # ``above`` is the gradient at the output of the layer whose turn it is.
    above = np.zeros_like(stack[-1].now[rows, : stack[-1].steps.hidden_size])
    exponent = np.zeros(len(above), np.int32)
    row = int(seeds.row[t])
    if row >= 0 and seeds.vectors[t].any():
        stack[-1].seed(row, seeds.vectors[t])
        above[row - rows.start] = seeds.vectors[t]
    for index in range(len(stack) - 1, -1, -1):
        layer = stack[index]
        if index + 1 < len(stack):
            layer.add(rows, above, exponent)
        held = layer.held(index, t, rows)
        yield held
        if index > 0:
            below = layer.steps.pull_input(held.scaled, t)
            if residual:
                below += above * power_of_two(exponent - held.exponent, below.dtype)[:, None]
            above, exponent = below, held.exponent.copy()
