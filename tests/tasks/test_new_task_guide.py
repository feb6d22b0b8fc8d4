"""The guide to adding a task is run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from rnnviz.engine import Network
from rnnviz.engine.optimizers import make_optimizer
from rnnviz.tasks import Task

GUIDE = Path(__file__).parents[2] / "docs" / "new-task.md"


def code_of_the_guide() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_code_of_the_guide_is_a_task_that_learns() -> None:
    names: dict[str, object] = {}
    exec(compile(code_of_the_guide(), str(GUIDE), "exec"), names)
    make = names["SortingTask"]
    assert isinstance(make, type)
    task = make()
    assert isinstance(task, Task)
    net = Network.create(task.spec(hidden_size=24), rng=np.random.default_rng(0))
    optimizer = make_optimizer("adam", net.params, 0.01)
    before = task.evaluate(net)
    stream = task.stream(32, 0, 0)
    for _ in range(60):
        net.loss_and_gradients(stream.next_batch())
        optimizer.step(net.grads)
    after = task.evaluate(net)
    assert after.value > max(before.value, after.baseline) + 0.1
    example = task.examples("held-out")[0]
    assert example.answer == "".join(sorted(example.title))
    assert len(task.answers(net, task.example_batch(example))[0]) == 6


def test_the_guide_keeps_its_promise_of_forty_lines() -> None:
    lines = [line for line in code_of_the_guide().splitlines() if line.strip()]
    assert len(lines) <= 40
