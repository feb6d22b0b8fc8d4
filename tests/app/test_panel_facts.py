"""The figures under the panel's fields are of the network that the fields are about."""

from collections.abc import Callable

from PySide6.QtTest import QTest

from rnnviz.app.model_desk import spectrum_facts
from rnnviz.app.shell import Shell
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run

Until = Callable[[Callable[[], bool]], None]


def facts(shell: Shell) -> str:
    return shell.window.panel.facts.text()


def put(shell: Shell, **model: int) -> Run:
    assert shell.desk is not None
    run = Run.create(RunConfig(task="hello", model=ModelOptions(**model)))
    shell.desk._put_run(run)
    return run


def test_of_a_network_too_wide_to_be_measured_while_it_learns_nothing_is_told_until_it_rests(
    shell: Shell, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    until(lambda: bool(facts(shell)))
    run = put(shell, hidden_size=256)
    desk.start()
    until(lambda: desk.run is run and run.iteration > 3)
    assert not facts(shell), "those of the network before are gone"
    desk.toggle()
    until(lambda: not desk.training)
    until(lambda: bool(facts(shell)))
    assert facts(shell) == spectrum_facts(run.net.params["W_hh_l0"], run.spec)


def test_a_recorded_pass_in_front_of_the_run_changes_no_figure_of_it(
    shell: Shell, until: Until
) -> None:
    until(lambda: bool(facts(shell)))
    before = facts(shell)
    other = Run.create(RunConfig(task="hello", model=ModelOptions(cell="lstm")))
    shell.show_recorded(other.trace())
    QTest.qWait(700)
    until(lambda: shell.is_settled)
    assert facts(shell) == before


def test_another_network_of_the_same_shape_has_its_own_figures(shell: Shell, until: Until) -> None:
    until(lambda: bool(facts(shell)))
    assert shell.desk is not None
    config = RunConfig(task="hello", seed=11)
    run = Run.create(config)
    shell.desk._put_run(run)
    wanted = spectrum_facts(run.net.params["W_hh_l0"], run.spec)
    until(lambda: facts(shell) == wanted)
