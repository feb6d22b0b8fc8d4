"""A window of truncated backpropagation that the text cannot fill is refused in the panel."""

from collections.abc import Callable

import pytest

from rnnviz.app.shell import Shell

Until = Callable[[Callable[[], bool]], None]


@pytest.mark.parametrize("steps", [5, 25, 1000])
def test_a_window_longer_than_the_text_leaves_the_run_and_its_number_as_they_were(
    shell: Shell, until: Until, steps: int
) -> None:
    desk, field = shell.desk, shell.window.panel.bptt_window
    assert desk is not None
    desk.once()
    until(lambda: desk.run.iteration == 1)
    run, before = desk.run, field.value()
    field.setValue(steps)
    until(lambda: "a window of at most 4" in shell.window.banner.text.text())
    until(lambda: not desk.building)
    assert desk.run is run
    assert run.iteration == 1
    assert field.value() == before
    field.setValue(2)
    until(lambda: desk.run is not run)
    assert desk.run.plan.training.cut == 2
