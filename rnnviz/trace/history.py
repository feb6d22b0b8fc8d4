"""The numbers of every iteration: one writer appends, any thread reads ranges, nobody waits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from rnnviz.trace.history_room import with_room
from rnnviz.trace.history_rows import (
    BLOCK,
    CHUNK,
    COLUMNS,
    PACK,
    WIDTH,
    Block,
    Floats,
    Positions,
    Row,
    Rows,
    chunks_of,
    iterations_at,
    own,
    positions_after,
    row_at,
    search,
    slice_of,
    totals_at,
)

__all__ = ["BLOCK", "COLUMNS", "Envelope", "History", "HistoryReader", "Row"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A curve reduced to ``n`` intervals: the least and greatest value in each."""

    iteration: Floats
    low: Floats
    high: Floats


class HistoryReader(ABC):
    """What can be read of a history. Where several readings belong together, take them from
    `still`: between two of them the writer may append, and thin what is old.
    """

    @abstractmethod
    def _now(self) -> tuple[Rows, int]:
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
        return row_at(rows, count - 1)

    def at(self, iteration: int) -> Row | None:
        """The row of an iteration, or of the last one before it that is kept; None if there is
        none."""
        rows, count = self._now()
        return row_at(rows, search(rows, count, iteration, "right") - 1)

    def column(self, name: str, start: int = 0, stop: int | None = None) -> Floats:
        """Values of one column for rows ``start`` to ``stop`` (positions, not iterations)."""
        rows, count = self._now()
        index = COLUMNS.index(name)
        low, high, _ = slice(start, stop).indices(count)
        return slice_of(rows, low, high, index)

    def envelope(
        self, name: str, bins: int, first: float | None = None, last: float | None = None
    ) -> Envelope:
        """Minimum and maximum of a column in up to ``bins`` equal shares of the iterations from
        ``first`` to ``last``; NaN where nothing was measured. A share of which no row is left is
        part of the one before it. Shares of a whole long history are equal to within a few rows."""
        rows, count = self._now()
        if first is None and last is None and count >= 4 * CHUNK * bins:
            return _whole(rows, count, COLUMNS.index(name), bins)
        start = 0 if first is None else search(rows, count, first, "left")
        stop = count if last is None else search(rows, count, last, "right")
        values = slice_of(rows, start, stop, COLUMNS.index(name))
        if not len(values):
            return Envelope(values, values, values)
        marks = _shares(iterations_at(rows, np.array([start, stop - 1])), min(bins, len(values)))
        edges = _distinct(positions_after(rows, count, marks[:-1]) - start)
        return Envelope(
            iterations_at(rows, start + edges),
            np.fmin.reduceat(values, edges),
            np.fmax.reduceat(values, edges),
        )

    def recent_loss(self, window: float, points: int) -> Envelope:
        """The mean loss over the last ``window`` iterations, at up to ``points`` iterations at
        equal distances, the newest included; `low` and `high` are the same.

        Where a history was thinned, the rows that are left know the losses of those that they
        stand for. Losses that are not finite are left out; NaN where none is left.
        """
        rows, count = self._now()
        if not count:
            return Envelope(np.empty(0), np.empty(0), np.empty(0))
        at = _shares(iterations_at(rows, np.array([0, count - 1])), min(points, count))[1:]
        until, counted = totals_at(rows, positions_after(rows, count, at))
        before, uncounted = totals_at(rows, positions_after(rows, count, at - window))
        with np.errstate(invalid="ignore"):
            mean = (until - before) / (counted - uncounted)
        return Envelope(at, mean, mean)

    def to_array(self) -> Floats:
        """All rows (N, WIDTH), and what they stand for, for files."""
        rows, count = self._now()
        return np.ascontiguousarray(slice_of(rows, 0, count).T)


def _distinct(positions: Positions) -> Positions:
    """Positions in ascending order, each once."""
    return positions[np.flatnonzero(np.diff(positions, prepend=-1))]


def _shares(ends: Floats, number: int) -> Floats:
    """The iterations after which each of so many equal shares begins, from before the first of the
    two ends to the last, where the last share has ended."""
    before, last = ends[0] - 1.0, ends[1]
    begun: Floats = before + np.floor((last - before) * np.arange(number + 1) / number)
    return begun


def _whole(rows: Rows, count: int, column: int, bins: int) -> Envelope:
    """The envelope of all rows from what their blocks remember."""
    starts, low, high = chunks_of(rows, count, column)
    marks = _shares(iterations_at(rows, np.array([0, count - 1])), bins)
    edges = _distinct(np.searchsorted(starts, marks[:-1] + 1.0, "right") - 1)
    return Envelope(
        starts[edges],
        np.fmin.reduceat(low, edges),
        np.fmax.reduceat(high, edges),
    )


class _Still(HistoryReader):
    """The first ``count`` rows of one generation: they are never written again."""

    def __init__(self, rows: Rows, count: int) -> None:
        self._rows, self._count = rows, count

    def _now(self) -> tuple[Rows, int]:
        return self._rows, self._count


class History(HistoryReader):
    """Scalars by iteration, bounded: beyond ``capacity`` rows, those are thinned, four to two, that
    stand closest, so that all of a long run is kept about equally well.

    Thinning keeps every minimum and maximum of every column (only its place moves, within its
    group), so a plot keeps its spikes. Reads may run in any thread while one thread appends.
    """

    def __init__(self, capacity: int = 64 * BLOCK) -> None:
        if capacity < 2 * BLOCK or capacity % BLOCK:
            raise ValueError(f"capacity must be a multiple of {BLOCK}, at least two of them")
        self.capacity = capacity
        self._rows = Rows([])

    def _now(self) -> tuple[Rows, int]:
        rows = self._rows
        return rows, rows.count

    def append(self, row: Row) -> None:
        """Add the next iteration. Only one thread may write."""
        rows = self._rows
        position = rows.count % BLOCK
        if position == 0 and rows.count > BLOCK * len(rows.full):
            rows = self._close_block(rows)
            position = rows.count % BLOCK
        PACK.pack_into(rows.tail_bytes, position * PACK.size, *row)
        rows.count += 1

    def truncate(self, iteration: int) -> None:
        """Forget everything after that iteration; readers keep what they are reading."""
        keep = int(np.searchsorted(self.column("iteration"), iteration, "right"))
        if keep < len(self):
            self._rows = Rows.of(slice_of(self._rows, 0, keep).T)

    @classmethod
    def from_array(cls, values: Floats, capacity: int = 64 * BLOCK) -> History:
        """The history that ``to_array`` described.

        Raises:
            ValueError: if it is not that.
        """
        history = cls(capacity)
        widths = (WIDTH, len(COLUMNS))  # those of the first files have no more than the rows
        if values.ndim != 2 or values.shape[1] not in widths or len(values) > capacity:
            raise ValueError(f"a history has {WIDTH} columns and at most {capacity} rows")
        if values.shape[1] < WIDTH:
            values = np.hstack([values, own(values.T).T])
        iterations = values[:, 0]
        if not (np.isfinite(iterations).all() and (np.diff(iterations) > 0).all()):
            raise ValueError("the iterations of its history are not in order")
        sums, counts = values[:, len(COLUMNS) :].T
        if np.isnan(sums).any() or not (counts >= 0).all():
            raise ValueError("what the rows of its history stand for is no sum and no count")
        history._rows = Rows.of(values)
        return history

    def _close_block(self, rows: Rows) -> Rows:
        full = [*rows.full, Block(np.ascontiguousarray(rows.last_block(BLOCK)))]
        if BLOCK * len(full) >= self.capacity:
            replacement = with_room(full, 3 * self.capacity // 4)
        else:
            replacement = Rows(full)
        self._rows = replacement
        return replacement
