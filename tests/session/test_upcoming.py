"""The batches that training will come to, looked at beforehand."""

import numpy as np
import pytest

from rnnviz.session.config import RunConfig
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
