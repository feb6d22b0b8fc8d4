from collections.abc import Callable

import pytest

from rnnviz.app.shell import Shell
from rnnviz.session import ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.run import Run
from tests.app.examples.lists import Open

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def opened(bare_shell: Shell, until: Until) -> Open:
    """A window on a small untrained model of a task."""

    def begin(task: str) -> Shell:
        bare_shell.attach(
            Run.create(
                RunConfig(
                    task=task,
                    model=ModelOptions(hidden_size=8),
                    training=TrainingOptions(batch_size=4),
                )
            )
        )
        until(lambda: bare_shell.model.state is not None)
        return bare_shell

    return begin
