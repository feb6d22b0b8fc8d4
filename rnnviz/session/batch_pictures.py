"""The pictures that belong to a pass: drawn for the sequence that is in sight, when it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.tasks import Task
from rnnviz.trace.arrays import Later


def batch_pictures(task: Task, batch: Batch) -> Later | None:
    """What the network looks at, (T or 1, B, h, w, 3) uint8, or None without pictures.

    The first sequence is drawn at once, every other one when somebody asks for it: 32 drawings
    take up to two hundred times as long as an iteration.
    """
    first = task.pictures(batch, (0,))
    if first is None:
        return None

    def drawn(rows: tuple[int, ...] | None) -> NDArray[np.uint8]:
        pictures = task.pictures(batch, rows)
        assert pictures is not None, "a task draws all sequences of a batch or none"
        return pictures

    def one(b: int) -> NDArray[np.uint8]:
        return (first if b == 0 else drawn((b,)))[:, 0]

    shape = (len(first), batch.batch_size, *first.shape[2:])
    return Later(shape, lambda: drawn(None), one)
