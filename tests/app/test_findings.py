"""What the inspector tells of the gradient's origin is of the network and the sequence in sight."""

from collections.abc import Callable

import pytest

from rnnviz.app.shell import Shell
from rnnviz.scene.shapes import Label
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run

Until = Callable[[Callable[[], bool]], None]
ORIGIN = "Where the gradient at h"


def told(shell: Shell) -> bool:
    """Whether the inspector says where a gradient comes from."""
    picture = shell.window.inspector.picture
    assert picture is not None
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    return any(isinstance(each, Label) and each.text.startswith(ORIGIN) for each in shapes)


def point_at_a_state(shell: Shell, until: Until) -> None:
    shell.model.select("h_l0@2")
    until(lambda: told(shell))


def test_findings_go_with_their_network_also_where_the_next_is_too_wide_for_any(
    shell: Shell, until: Until
) -> None:
    point_at_a_state(shell, until)
    desk = shell.desk
    assert desk is not None
    wide = RunConfig(task="hello", model=ModelOptions(hidden_size=300))
    desk.build(lambda: wide, "300 units")
    until(lambda: shell.model.state is not None and shell.model.state.trace.spec.hidden_size == 300)
    shell.model.select("h_l0@2")
    assert not told(shell)


def test_findings_of_one_sequence_are_not_shown_for_another_and_stay_while_it_learns(
    bare_shell: Shell, until: Until
) -> None:
    shell = bare_shell
    shell.attach(Run.create(RunConfig(task="parity", model=ModelOptions(hidden_size=4))))
    until(lambda: shell.model.state is not None)
    point_at_a_state(shell, until)
    asked: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell.findings._worker, "ask", lambda *a: asked.append(a))
        assert shell.desk is not None
        shell.desk.once()
        until(lambda: shell.desk is not None and shell.desk.run.iteration == 1)
        until(lambda: bool(asked))
        assert told(shell), "an iteration ago, and said so"
        shell.model.choose_row(1)
        until(lambda: not told(shell))
