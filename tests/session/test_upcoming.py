"""The batches that training will come to, looked at beforehand."""

import numpy as np
import pytest

from rnnviz.session.config import RunConfig, TrainingOptions
from rnnviz.session.run import Run


@pytest.mark.parametrize("task", ["hello", "text", "sentiment", "translation"])
def test_a_batch_looked_at_beforehand_is_the_one_that_training_comes_to(task: str) -> None:
    run = Run.create(RunConfig(task=task)).train(2)
    ahead = [run.trainer.upcoming_batch(n) for n in range(4)]
    for batch in ahead:
        met = run.trainer.upcoming_batch()
        np.testing.assert_array_equal(batch.tokens, met.tokens)
        np.testing.assert_array_equal(batch.targets, met.targets)
        run.step()


@pytest.mark.parametrize("task", ["hello", "text", "sentiment"])
@pytest.mark.parametrize("before", [0, 1, 3])
def test_skipping_batches_leads_where_reading_them_does(task: str, before: int) -> None:
    training = TrainingOptions(window=3 if task == "hello" else 25, batch_size=1)
    read, skipped = (
        Run.create(RunConfig(task=task, training=training)).trainer.stream for _ in range(2)
    )
    for _ in range(before):
        read.next_batch()
        skipped.next_batch()
    for batches in (0, 1, 2, 7, 900, 2500):
        for _ in range(batches):
            read.next_batch()
        skipped.skip(batches)
        assert (skipped.state(), skipped.carry) == (read.state(), read.carry)
    np.testing.assert_array_equal(skipped.next_batch().tokens, read.next_batch().tokens)
