"""The numbers of every iteration: one writer appends, any thread reads ranges, nobody waits."""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.thinning import thin_rows

Floats = NDArray[np.float64]

BLOCK = 4096
"""Rows in a block. A full block is laid out column by column, so that a curve is one slice."""


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
_PACK = struct.Struct(f"{len(COLUMNS)}d")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A curve reduced to ``n`` intervals: the least and greatest value in each."""

    iteration: Floats
    low: Floats
    high: Floats


class _Rows:
    """One generation of the store; ``count`` is published after the row it counts is written."""

    __slots__ = ("count", "full", "tail", "tail_bytes")

    def __init__(self, full: list[Floats], tail: Floats | None = None) -> None:
        self.full = full
        rows = 0 if tail is None else len(tail)
        self.count = BLOCK * len(full) + rows
        self.start_tail()
        if tail is not None:
            self.tail[:rows] = tail

    def start_tail(self) -> None:
        self.tail_bytes = bytearray(BLOCK * _PACK.size)
        self.tail = np.frombuffer(self.tail_bytes, np.float64).reshape(BLOCK, len(COLUMNS))


class HistoryReader(ABC):
    """What can be read of a history. Where several readings belong together, take them from
    `still`: between two of them the writer may append, and thin what is old.
    """

    @abstractmethod
    def _now(self) -> tuple[_Rows, int]:
        """The rows, and how many of them there are."""

    def still(self) -> HistoryReader:
        """The history as it is now, whatever is appended meanwhile; nothing is copied."""
        return _Still(*self._now())

    def __len__(self) -> int:
        return self._now()[1]

    @property
    def last(self) -> Row | None:
        """The newest row, or None before the first."""
        rows, count = self._now()
        return _row(rows, count - 1)

    def at(self, iteration: int) -> Row | None:
        """The row of an iteration, or of the last one before it that is kept; None if there is
        none."""
        rows, count = self._now()
        return _row(rows, _search(rows, count, iteration, "right") - 1)

    def column(self, name: str, start: int = 0, stop: int | None = None) -> Floats:
        """Values of one column for rows ``start`` to ``stop`` (positions, not iterations)."""
        rows, count = self._now()
        index = COLUMNS.index(name)
        low, high, _ = slice(start, stop).indices(count)
        return _slice(rows, low, high, index)

    def envelope(
        self, name: str, bins: int, first: float | None = None, last: float | None = None
    ) -> Envelope:
        """Minimum and maximum of a column in up to ``bins`` equal shares of the rows between
        the iterations ``first`` and ``last``; NaN where nothing was measured."""
        rows, count = self._now()
        start = 0 if first is None else _search(rows, count, first, "left")
        stop = count if last is None else _search(rows, count, last, "right")
        values = _slice(rows, start, stop, COLUMNS.index(name))
        if not len(values):
            return Envelope(values, values, values)
        edges = np.linspace(0, len(values), min(bins, len(values)) + 1).astype(np.intp)[:-1]
        return Envelope(
            _iterations(rows, start + edges),
            np.fmin.reduceat(values, edges),
            np.fmax.reduceat(values, edges),
        )

    def to_array(self) -> Floats:
        """All rows (N, columns), for files."""
        rows, count = self._now()
        return np.ascontiguousarray(_slice(rows, 0, count).T)


class _Still(HistoryReader):
    """The first ``count`` rows of one generation: they are never written again."""

    def __init__(self, rows: _Rows, count: int) -> None:
        self._rows, self._count = rows, count

    def _now(self) -> tuple[_Rows, int]:
        return self._rows, self._count


class History(HistoryReader):
    """Scalars by iteration, bounded: beyond ``capacity`` rows, old ones are thinned four to two.

    Thinning keeps every minimum and maximum of every column (only its place moves, within its
    group), so a plot keeps its spikes. Reads may run in any thread while one thread appends.
    """

    def __init__(self, capacity: int = 64 * BLOCK) -> None:
        if capacity < 2 * BLOCK or capacity % BLOCK:
            raise ValueError(f"capacity must be a multiple of {BLOCK}, at least two of them")
        self.capacity = capacity
        self._rows = _Rows([])

    def _now(self) -> tuple[_Rows, int]:
        rows = self._rows
        return rows, rows.count

    def append(self, row: Row) -> None:
        """Add the next iteration. Only one thread may write."""
        rows = self._rows
        position = rows.count % BLOCK
        if position == 0 and rows.count > BLOCK * len(rows.full):
            rows = self._close_block(rows)
        _PACK.pack_into(rows.tail_bytes, position * _PACK.size, *row)
        rows.count += 1

    def truncate(self, iteration: int) -> None:
        """Forget everything after that iteration; readers keep what they are reading."""
        keep = int(np.searchsorted(self.column("iteration"), iteration, "right"))
        if keep < len(self):
            self._rows = _rows_of(_slice(self._rows, 0, keep).T)

    @classmethod
    def from_array(cls, values: Floats, capacity: int = 64 * BLOCK) -> History:
        """The history that ``to_array`` described.

        Raises:
            ValueError: if it is not that.
        """
        history = cls(capacity)
        if values.ndim != 2 or values.shape[1] != len(COLUMNS) or len(values) > capacity:
            raise ValueError(f"a history has {len(COLUMNS)} columns and at most {capacity} rows")
        iterations = values[:, 0]
        if not (np.isfinite(iterations).all() and (np.diff(iterations) > 0).all()):
            raise ValueError("the iterations of its history are not in order")
        history._rows = _rows_of(values)
        return history

    def _close_block(self, rows: _Rows) -> _Rows:
        full = [*rows.full, np.ascontiguousarray(rows.tail.T)]
        if BLOCK * len(full) >= self.capacity:
            every = np.concatenate([block.T for block in full])
            replacement = _rows_of(thin_rows(every))
        else:
            replacement = _Rows(full)
        self._rows = replacement
        return replacement


def _row(rows: _Rows, position: int) -> Row | None:
    if position < 0:
        return None
    values = _slice(rows, position, position + 1)[:, 0]
    return Row(int(values[0]), *(float(value) for value in values[1:]))


def _slice(rows: _Rows, start: int, stop: int, column: int | None = None) -> Floats:
    """Columns by rows; ``rows.count`` was read before, so these rows are complete."""
    which: slice | int = slice(None) if column is None else column
    pieces = []
    for number in range(start // BLOCK, -(-stop // BLOCK) if stop > start else 0):
        low = max(start - number * BLOCK, 0)
        high = min(stop - number * BLOCK, BLOCK)
        block = rows.full[number] if number < len(rows.full) else rows.tail.T
        pieces.append(block[which, low:high])
    if not pieces:
        return np.empty((len(COLUMNS), 0) if column is None else 0)
    return np.concatenate(pieces, axis=-1)


def _rows_of(values: Floats) -> _Rows:
    cut = len(values) // BLOCK * BLOCK
    full = [np.ascontiguousarray(values[start : start + BLOCK].T) for start in range(0, cut, BLOCK)]
    return _Rows(full, values[cut:])


def _search(rows: _Rows, count: int, iteration: float, side: Literal["left", "right"]) -> int:
    """The position of an iteration among the first ``count`` rows."""
    for start in range(0, count, BLOCK):
        block = _iteration_block(rows, start // BLOCK)[: count - start]
        if block[-1] > iteration or (side == "left" and block[-1] == iteration):
            return start + int(np.searchsorted(block, iteration, side))
    return count


def _iterations(rows: _Rows, positions: NDArray[np.intp]) -> Floats:
    """The iterations at some rows, in ascending order."""
    cuts = np.searchsorted(positions, np.arange(BLOCK, positions[-1] + BLOCK + 1, BLOCK))
    pieces = []
    begin = 0
    for number, end in enumerate(cuts):
        if end > begin:
            block = _iteration_block(rows, number)
            pieces.append(block[positions[begin:end] - number * BLOCK])
            begin = end
    return np.concatenate(pieces)


def _iteration_block(rows: _Rows, number: int) -> Floats:
    block = rows.full[number][0] if number < len(rows.full) else rows.tail[:, 0]
    return block
