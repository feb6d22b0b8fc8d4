"""Sequences side by side: the storage behind every task that is not one long text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.tasks.base import JsonValue, Stream
from rnnviz.tasks.rounds import walked
from rnnviz.trace import UserError
from rnnviz.trace.whole import whole

Pictures = NDArray[np.uint8]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False, kw_only=True)
class Data:
    """N sequences, batch first, because rows are what gets picked; padded at the end.

    ``targets`` (N, T) int, -1 where nothing is counted, or (N, T, V) float for regression; (N,)
    or (N, V) for one answer at the end. One of ``tokens`` (N, T) int and ``x`` (N, T, D) float32;
    ``lengths`` (N,) true input lengths; ``mask`` (N, T) which steps count; ``context`` (N, C);
    ``decoder_tokens`` (N, T_out). ``titles`` names each row for a list and ``draw(rows)`` gives
    its pictures, (T or 1, n, h, w, 3) uint8.
    """

    targets: NDArray[Any]
    titles: Sequence[str]
    tokens: NDArray[np.intp] | None = None
    x: NDArray[np.float32] | None = None
    lengths: NDArray[np.intp] | None = None
    context: NDArray[np.float32] | None = None
    decoder_tokens: NDArray[np.intp] | None = None
    mask: NDArray[np.float32] | None = None
    draw: Callable[[Rows], Pictures] | None = None

    def __len__(self) -> int:
        return len(self.targets)

    def batch(self, rows: Rows) -> DataBatch:
        """These rows, time-major, cut to the longest of them."""
        lengths = None if self.lengths is None else self.lengths[rows]
        steps = None if lengths is None else int(lengths.max())
        out_steps = self._used_output_steps(rows) if self.decoder_tokens is not None else steps
        targets = self.targets[rows]
        if not self.one_answer:
            targets = np.ascontiguousarray(targets[:, :out_steps].swapaxes(0, 1))
        return DataBatch(
            tokens=_time_major(self.tokens, rows, steps),
            x=_time_major(self.x, rows, steps),
            targets=targets,
            lengths=lengths,
            mask=_time_major(self.mask, rows, out_steps),
            context=None if self.context is None else self.context[rows],
            decoder_tokens=_time_major(self.decoder_tokens, rows, out_steps),
            data=self,
            rows=rows,
        )

    @property
    def one_answer(self) -> bool:
        """Whether there is one target per sequence rather than one per step."""
        return self.targets.ndim == (1 if np.issubdtype(self.targets.dtype, np.integer) else 2)

    @property
    def longest(self) -> int:
        """The most steps with outputs that a batch of some of the rows may have."""
        if self.decoder_tokens is not None:
            return self._used_output_steps(np.arange(len(self)))
        if self.lengths is not None:
            return int(self.lengths.max())
        read = self.x if self.tokens is None else self.tokens
        assert read is not None
        return int(read.shape[1])

    def _used_output_steps(self, rows: Rows) -> int:
        used = np.flatnonzero((self.targets[rows] >= 0).any(axis=0))
        return int(used[-1]) + 1 if len(used) else self.targets.shape[1]


def _time_major(array: NDArray[Any] | None, rows: Rows, steps: int | None) -> NDArray[Any] | None:
    if array is None:
        return None
    return np.ascontiguousarray(array[rows, :steps].swapaxes(0, 1))


def always(picture: Pictures) -> Callable[[Rows], Pictures]:
    """A ``draw`` for data of one row: the picture (h, w, 3) whatever row is asked for."""

    def draw(rows: Rows) -> Pictures:
        return np.broadcast_to(picture, (1, len(rows), *picture.shape))

    return draw


@final
@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DataBatch(Batch):
    """A batch that still knows the rows it was made of, so that their pictures can be drawn."""

    data: Data
    rows: Rows


@final
class DataStream(Stream):
    """Shuffled minibatches, epoch after epoch; the last incomplete one of an epoch is left out."""

    def __init__(self, data: Data, batch_size: int, seed: int) -> None:
        whole("batch size", batch_size, 1)
        if len(data) == 0:
            raise UserError("there are no training sequences")
        self._data = data
        # A batch size beyond the data trains on all of it at once.
        self._batch_size = min(batch_size, len(data))
        self._seed = seed
        self._epoch = 0
        self._next = 0
        self._order = self._shuffled()

    def _shuffled(self) -> Rows:
        return np.random.default_rng((self._seed, self._epoch)).permutation(len(self._data))

    @property
    def carry(self) -> bool:
        return False

    @property
    def longest(self) -> int:
        return self._data.longest

    def next_batch(self) -> DataBatch:
        self.skip(1)
        return self._data.batch(self._order[self._next - self._batch_size : self._next])

    def skip(self, batches: int) -> None:
        epochs, self._next = walked(self._next, batches, self._batch_size, len(self._data))
        if epochs:
            self._epoch += epochs
            self._order = self._shuffled()

    def state(self) -> dict[str, JsonValue]:
        return {"epoch": self._epoch, "next": self._next}

    def restore(self, state: Mapping[str, Any]) -> None:
        epoch, position = state.get("epoch"), state.get("next")
        if not (isinstance(epoch, int) and isinstance(position, int) and epoch >= 0):
            raise UserError("the saved place in the training data is not readable")
        if not 0 <= position <= len(self._data):
            raise UserError("the saved place in the training data is beyond its end")
        self._epoch = epoch
        self._next = position
        self._order = self._shuffled()
