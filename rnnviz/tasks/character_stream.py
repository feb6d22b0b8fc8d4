"""Windows that walk through a long text, for truncated backpropagation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.tasks.base import JsonValue, Stream
from rnnviz.tasks.rounds import walked
from rnnviz.trace import UserError
from rnnviz.trace.whole import whole


@final
class CharacterStream(Stream):
    """``batch_size`` windows side by side, each walking through its own stretch of the text."""

    def __init__(self, ids: NDArray[Any], batch_size: int, window: int) -> None:
        whole("batch size", batch_size, 1)
        whole("window", window, 1)
        if len(ids) < window + 1:
            raise UserError(
                f"the text has {len(ids)} characters; a window of {window} needs {window + 1}: "
                f"use a longer text or a window of at most {len(ids) - 1}"
            )
        self._ids = ids
        # Short texts are read by several sequences at overlapping places rather than refused.
        self._stretch = max(len(ids) // batch_size, window + 1)
        starts = np.linspace(0, len(ids) - self._stretch, batch_size).astype(np.intp)
        self._index = starts[np.newaxis, :] + np.arange(window + 1)[:, np.newaxis]
        self._window = window
        self._next = 0
        self._carry = False
        self._made: tuple[int, Batch] | None = None

    @property
    def carry(self) -> bool:
        return self._carry

    def next_batch(self) -> Batch:
        # As skip(1) would, which takes a hundredth of a small network's iteration.
        if self._next + self._window + 1 > self._stretch:
            self._next = 0
        start = self._next
        self._carry = start > 0
        self._next += self._window
        # A text of one window ("hello") hands out the same batch again and again: made once.
        if self._made is None or self._made[0] != start:
            read = self._ids[self._index + start].astype(np.intp)
            self._made = (start, Batch(tokens=read[:-1], targets=read[1:]))
        return self._made[1]

    def skip(self, batches: int) -> None:
        # The last character of the stretch is a target only: nothing is read there.
        _, self._next = walked(self._next, batches, self._window, self._stretch - 1)
        if batches:
            self._carry = self._next > self._window

    def state(self) -> dict[str, JsonValue]:
        return {"next": self._next}

    def restore(self, state: Mapping[str, Any]) -> None:
        position = state.get("next")
        if not isinstance(position, int) or position % self._window or position < 0:
            raise UserError("the saved place in the text does not belong to this window length")
        self._next = position
