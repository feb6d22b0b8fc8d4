"""What the network says to examples, and to what the user types or draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network
from rnnviz.tasks import Example, Task

if TYPE_CHECKING:
    from rnnviz.session.run import Run

Pixels = NDArray[np.uint8]


class Interrupted(Exception):
    """Somebody waits for something else: what the network was asked is left."""


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """``said`` of one example; ``right`` of ``of`` parts agree with the answer (0 of 0: nobody
    knows). ``picture`` (h, w, 3) is what the network looks at, of a clip the middle frame.
    """

    example: Example
    said: str
    right: int
    of: int
    picture: Pixels | None

    @property
    def is_right(self) -> bool | None:
        """None where there is no answer to compare with."""
        return None if self.of == 0 else self.right == self.of


def replies(run: Run, examples: Sequence[Example]) -> tuple[Reply, ...]:
    """What the network says to each of the examples with its present weights; to the first ones
    only where it was interrupted after them."""
    found: list[Reply] = []
    for example in examples:
        batch = run.task.example_batch(example)
        try:
            said = run.answer(batch)
        except Interrupted:
            if found:
                break
            raise
        right, of = agreement(run.task, example.answer, said)
        found.append(Reply(example, said, right, of, thumbnail(run.task, batch)))
    return tuple(found)


def agreement(task: Task, answer: str, said: str) -> tuple[int, int]:
    """How many parts of the answer are right, and of how many: frame by frame where every step
    has an answer of its own, otherwise the whole.
    """
    if not answer or task.info.metric == "mean squared error":
        return 0, 0
    if task.info.kind == "aligned":
        wanted, given = _parts(answer), _parts(said)
        if len(wanted) == len(given):
            return sum(a == b for a, b in zip(wanted, given, strict=True)), len(wanted)
    return int(said == answer), 1


def _parts(text: str) -> list[str]:
    return text.split() if " " in text else list(text)


def thumbnail(task: Task, batch: Batch) -> Pixels | None:
    """One picture for a list: the only one, or the middle frame of a clip."""
    pictures = task.pictures(batch)
    if pictures is None or not len(pictures):
        return None
    return np.ascontiguousarray(pictures[len(pictures) // 2, 0])


def open_question(task: Task, net: Network, batch: Batch) -> Batch:
    """A batch whose answer nobody knows as the network answers it: a decoder reads its own words,
    and nothing is compared with a truth. Other batches stay as they are.
    """
    targets = batch.targets
    if targets is None or targets.dtype.kind != "i" or (targets >= 0).any():
        return batch
    return replace(task.answered(net, batch), targets=None, mask=None)
