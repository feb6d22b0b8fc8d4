"""How the rows of a history lie in memory: full blocks that never change, and one that fills."""

from __future__ import annotations

import struct
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

BLOCK = 4096
"""Rows in a block. A full block is laid out column by column, so that a curve is one slice."""
CHUNK = 16
"""Rows that are reduced once and for all when their block is full."""


class Row(NamedTuple):
    """The scalars of one iteration (losses in nats, norms Euclidean; NaN: not measured)."""

    iteration: int
    loss: float
    smoothed_loss: float
    grad_norm: float
    clipped_norm: float
    param_norm: float
    update_norm: float
    learning_rate: float


COLUMNS = Row._fields
STANDS = 2
"""Columns beside those of a row, for the mean: how much loss the iterations had that it stands for,
and how many of them had a finite one. What was thinned stands for more than itself."""
WIDTH = len(COLUMNS) + STANDS
PACK = struct.Struct(f"{len(COLUMNS)}d")
_LOSS = COLUMNS.index("loss")
_CHUNKS = np.arange(0, BLOCK, CHUNK)


class Block:
    """A full block, `values` (WIDTH, BLOCK), and what a curve asks of it at every drawing.

    What is found is kept; two threads that ask at once find the same twice.
    """

    __slots__ = ("_extremes", "_totals", "starts", "values")

    def __init__(self, values: Floats) -> None:
        self.values = values
        self.starts = values[0, ::CHUNK].copy()
        self._extremes: dict[int, tuple[Floats, Floats]] = {}
        self._totals: tuple[Floats, Floats] | None = None

    def extremes(self, column: int) -> tuple[Floats, Floats]:
        """Least and greatest value of every chunk of a column, NaN where nothing was measured."""
        found = self._extremes.get(column)
        if found is None:
            found = self._extremes[column] = _extremes(self.values[column])
        return found

    def totals(self) -> tuple[Floats, Floats]:
        """See `totals_of`."""
        if self._totals is None:
            self._totals = totals_of(self.values[-STANDS:])
        return self._totals


class Rows:
    """One generation of the store; ``count`` is published after the row it counts is written.

    The first rows of the last block, which are as many as ``stands`` (STANDS, k), may be thinned.
    """

    __slots__ = ("count", "full", "stands", "tail", "tail_bytes")

    def __init__(self, full: list[Block], tail: Floats | None = None) -> None:
        """`tail`: rows (N, WIDTH) of the block that fills."""
        self.full = full
        self.stands = np.empty((STANDS, 0)) if tail is None else tail[:, len(COLUMNS) :].T.copy()
        rows = 0 if tail is None else len(tail)
        self.count = BLOCK * len(full) + rows
        self.tail_bytes = bytearray(BLOCK * PACK.size)
        self.tail = np.frombuffer(self.tail_bytes, np.float64).reshape(BLOCK, len(COLUMNS))
        if tail is not None:
            self.tail[:rows] = tail[:, : len(COLUMNS)]

    @classmethod
    def of(cls, values: Floats) -> Rows:
        """Rows (N, WIDTH) in blocks."""
        cut = len(values) // BLOCK * BLOCK
        starts = range(0, cut, BLOCK)
        full = [Block(np.ascontiguousarray(values[at : at + BLOCK].T)) for at in starts]
        return cls(full, values[cut:])

    def column(self, number: int, column: int) -> Floats:
        """All of block ``number``, or what the last one holds so far and more."""
        return self.full[number].values[column] if number < len(self.full) else self.tail[:, column]

    def last_block(self, count: int) -> Floats:
        """The first ``count`` rows of the block that fills (WIDTH, count)."""
        return np.concatenate([self.tail[:count].T, self.last_stands(count)])

    def last_stands(self, count: int) -> Floats:
        """What they stand for (STANDS, count)."""
        thinned = self.stands[:, :count]
        return np.hstack([thinned, own(self.tail[thinned.shape[1] : count].T)])


def row_at(rows: Rows, position: int) -> Row | None:
    """The row at a position; None before the first."""
    if position < 0:
        return None
    number, inside = divmod(position, BLOCK)
    values = [rows.column(number, column)[inside] for column in range(len(COLUMNS))]
    return Row(int(values[0]), *(float(value) for value in values[1:]))


def own(values: Floats) -> Floats:
    """What rows (columns, N) stand for that stand for themselves alone (STANDS, N)."""
    losses = values[_LOSS]
    finite = np.isfinite(losses)
    return np.stack([np.where(finite, losses, 0.0), finite])


def slice_of(rows: Rows, start: int, stop: int, column: int | None = None) -> Floats:
    """Columns by rows; ``rows.count`` was read before, so these rows are complete."""
    which: slice | int = slice(None) if column is None else column
    pieces = []
    for number in range(start // BLOCK, -(-stop // BLOCK) if stop > start else 0):
        low = max(start - number * BLOCK, 0)
        high = min(stop - number * BLOCK, BLOCK)
        if number < len(rows.full):
            block = rows.full[number].values
        else:
            block = rows.last_block(high) if column is None else rows.tail.T
        pieces.append(block[which, low:high])
    if not pieces:
        return np.empty((WIDTH, 0) if column is None else 0)
    return np.concatenate(pieces, axis=-1)


def chunks_of(rows: Rows, count: int, column: int) -> tuple[Floats, Floats, Floats]:
    """First iteration of every `CHUNK` of the first ``count`` rows, and the least and greatest
    value of a column in it."""
    number = min(count // BLOCK, len(rows.full))  # the last one may be full and still open
    pieces = [(block.starts, *block.extremes(column)) for block in rows.full[:number]]
    rest = count - number * BLOCK
    if rest:
        first = rows.column(number, 0)[:rest:CHUNK]
        pieces.append((first, *_extremes(rows.column(number, column)[:rest])))
    starts, low, high = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return starts, low, high


def search(rows: Rows, count: int, iteration: float, side: Literal["left", "right"]) -> int:
    """The position of an iteration among the first ``count`` rows."""
    for start in range(0, count, BLOCK):
        block = rows.column(start // BLOCK, 0)[: count - start]
        if block[-1] > iteration or (side == "left" and block[-1] == iteration):
            return start + int(np.searchsorted(block, iteration, side))
    return count


def positions_after(rows: Rows, count: int, iterations: Floats) -> Positions:
    """For each of some iterations, in ascending order, how many of the first ``count`` rows are
    not later."""
    found = np.empty(len(iterations), np.intp)
    begin = 0
    for start in range(0, count, BLOCK):
        block = rows.column(start // BLOCK, 0)[: count - start]
        last = start + BLOCK >= count
        end = len(iterations) if last else int(np.searchsorted(iterations, block[-1], "left"))
        if end > begin:
            found[begin:end] = start + np.searchsorted(block, iterations[begin:end], "right")
            begin = end
    return found


def iterations_at(rows: Rows, positions: Positions) -> Floats:
    """The iterations at some rows, in ascending order."""
    pieces = [
        rows.column(number, 0)[inside] for number, _, inside in _by_block(positions, BLOCK - 1)
    ]
    return np.concatenate(pieces)


def totals_at(rows: Rows, positions: Positions) -> tuple[Floats, Floats]:
    """Sum of the finite losses before each of some positions, in ascending order, and how many
    they are."""
    sums, counts = np.empty(len(positions)), np.empty(len(positions))
    before_sum = before_count = 0.0
    done = 0
    for number, which, inside in _by_block(positions, BLOCK):
        for block in rows.full[done:number]:
            totals = block.totals()
            before_sum += totals[0][-1]
            before_count += totals[1][-1]
        done = number
        if number < len(rows.full):
            total, counted = rows.full[number].totals()
        else:
            total, counted = totals_of(rows.last_stands(int(inside[-1])))
        sums[which] = before_sum + total[inside]
        counts[which] = before_count + counted[inside]
    return sums, counts


def totals_of(stands: Floats) -> tuple[Floats, Floats]:
    """Sum of the finite losses before each position from 0 to n, and how many they are, of rows
    that stand for so much (STANDS, n)."""
    totals = np.zeros((STANDS, stands.shape[1] + 1))
    np.cumsum(stands, axis=1, out=totals[:, 1:])
    return totals[0], totals[1]


def _by_block(positions: Positions, most: int) -> list[tuple[int, slice, Positions]]:
    """Block, part of ``positions``, places in the block; a place is ``most`` at most."""
    found, begin, number = [], 0, 0
    while begin < len(positions):
        number = max(number, int(positions[begin] - most + BLOCK - 1) // BLOCK)
        end = int(np.searchsorted(positions, number * BLOCK + most, "right"))
        if end > begin:
            which = slice(begin, end)
            found.append((number, which, positions[which] - number * BLOCK))
            begin = end
        number += 1
    return found


def _extremes(values: Floats) -> tuple[Floats, Floats]:
    starts = _CHUNKS[: -(-len(values) // CHUNK)]
    return np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
