"""The figures under the panel's fields are of the network that the fields are about."""

from collections.abc import Callable
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.model_desk import ModelDesk, spectrum_facts
from rnnviz.app.model_panel import ModelPanel
from rnnviz.app.session_host import SessionHost
from rnnviz.app.shell import Shell
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.session import events as e
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.mailbox import ShownPass
from rnnviz.session.run import Run
from rnnviz.trace import Trace

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


def test_before_its_first_pass_has_come_a_run_of_the_same_shape_has_no_figures(
    qapp: QApplication, until: Until
) -> None:
    desk, panel = TrainingDesk(Run.create(RunConfig(task="hello")), qapp), ModelPanel()
    model_desk = ModelDesk(panel, desk, qapp)

    def live(wants_trace: bool) -> None:
        desk.poll(lambda: wants_trace)
        model_desk.tick(1.0)

    def facts_after(wants_trace: bool, is_so: Callable[[], bool]) -> str:
        def lived() -> bool:
            live(wants_trace)
            return is_so() and not model_desk.busy

        until(lived)
        return panel.facts.text()

    try:
        model_desk.refresh()
        first = facts_after(True, lambda: bool(panel.facts.text()))
        run = Run.create(RunConfig(task="hello", seed=11))
        wanted = spectrum_facts(run.net.params["W_hh_l0"], run.spec)
        assert wanted != first
        desk.run_changed.connect(model_desk.refresh)
        desk._put_run(run)
        assert not facts_after(False, lambda: desk.run is run), "nobody has seen a pass of it"
        assert facts_after(True, lambda: bool(panel.facts.text())) == wanted
    finally:
        model_desk.close()
        desk.close()
        for each in (model_desk, desk, panel):
            each.deleteLater()


def test_a_pass_that_comes_before_the_word_of_its_run_waits_for_it(qapp: QApplication) -> None:
    host = SessionHost(Run.create(RunConfig(task="hello")), qapp)
    try:
        seen: list[tuple[Trace, Run]] = []
        host.traced.connect(lambda trace: seen.append((trace, host.run)))
        run = Run.create(RunConfig(task="hello", seed=11))
        trace = run.trace()
        host.mailbox.put(ShownPass(run, trace))
        host.poll()
        assert trace not in [each for each, _ in seen], "another run is on the table"
        host._events.put(e.Replaced(run))
        host.poll()
        assert seen[-1] == (trace, run)
    finally:
        host.close()
        host.deleteLater()


def test_of_several_recurrent_matrices_it_is_said_whose_figures_these_are() -> None:
    def first_line(task: str, **model: Any) -> str:
        run = Run.create(RunConfig(task=task, model=ModelOptions(hidden_size=4, **model)))
        weights = run.net.params[f"{run.spec.prefixes[-1]}W_hh_l0"]
        return spectrum_facts(weights, run.spec).splitlines()[0]

    assert first_line("hello").startswith("W_hh:")
    assert first_line("hello", cell="lstm").startswith("W_hi:")
    assert first_line("hello", layers=3) == "layer 1 of 3:"
    assert first_line("digits-rows", bidirectional=True) == "left to right:"
    assert first_line("translation", layers=2) == "decoder, layer 1 of 2:"
