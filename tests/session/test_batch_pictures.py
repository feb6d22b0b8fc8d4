"""Pictures are drawn for the sequence in sight, not for the whole batch of every shown pass."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.tasks.sequences import SequenceTask

Drawn = list[Sequence[int] | None]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The sequences that tasks were asked to draw; None for all of a batch."""
    asked: Drawn = []
    draw = SequenceTask.pictures

    def pictures(
        self: SequenceTask, batch: Batch, rows: Sequence[int] | None = None
    ) -> NDArray[np.uint8] | None:
        asked.append(rows)
        return draw(self, batch, rows)

    monkeypatch.setattr(SequenceTask, "pictures", pictures)
    return asked


@pytest.mark.parametrize("task", ["digits", "video", "captioning"])
def test_a_shown_pass_has_one_sequence_drawn_and_others_when_they_are_looked_at(
    task: str, drawn: Drawn
) -> None:
    trace = Run.create(RunConfig(task=task)).traced_step()
    assert trace.shape("pictures")[1] > 2
    assert drawn == [(0,)]
    some = {b: trace.sequence("pictures", b) for b in (0, 2)}
    assert drawn == [(0,), (2,)]
    for b, pictures in some.items():
        assert np.array_equal(pictures, trace["pictures"][:, b])
    assert drawn == [(0,), (2,), None]
