"""Whatever is done to the learning rate, the panel says what is in force and undo is one change."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.session.config import RunConfig, TrainingOptions
from rnnviz.session.run import Run

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def desk(shell: Shell) -> TrainingDesk:
    assert shell.desk is not None
    return shell.desk


def learn(desk: TrainingDesk, until: Until, iterations: int) -> None:
    goal = desk.run.iteration + iterations
    desk.start(iterations)
    until(lambda: desk.run.iteration == goal and not desk.training)


def in_force(desk: TrainingDesk, until: Until, rate: float) -> None:
    """Wait until the worker has a rate and the panel says so."""
    until(lambda: desk.run.learning_rate == rate and desk.learning_rate == rate)


def test_rates_that_follow_quickly_are_undone_one_by_one(
    shell: Shell, desk: TrainingDesk, until: Until
) -> None:
    first = desk.learning_rate
    for rate in (0.2, 0.3):
        desk.change("learning_rate", rate)
    desk.undo_stack.undo()
    in_force(desk, until, 0.2)
    desk.undo_stack.undo()
    in_force(desk, until, first)
    desk.undo_stack.redo()
    desk.undo_stack.redo()
    in_force(desk, until, 0.3)
    until(lambda: shell.window.panel.learning_rate.value() == 0.3)


def test_a_rate_put_back_before_the_worker_had_the_other_is_the_one_in_force(
    shell: Shell, desk: TrainingDesk, until: Until
) -> None:
    first = desk.learning_rate
    desk.change("learning_rate", 0.2)
    desk.change("learning_rate", first)
    desk.once()
    until(lambda: desk.run.iteration == 1)
    in_force(desk, until, first)
    assert shell.window.panel.learning_rate.value() == first


def test_a_rate_changed_in_the_past_is_one_change_with_the_branch_that_it_begins(
    desk: TrainingDesk, until: Until
) -> None:
    learn(desk, until, 12)
    trained, first = desk.run, desk.learning_rate
    desk.travel(5)
    until(lambda: desk.run.iteration == 5)
    desk.change("learning_rate", 0.2)
    until(lambda: desk.run is not trained)
    in_force(desk, until, 0.2)
    branch = desk.run
    assert desk.undo_stack.count() == 1
    assert desk.undo_stack.undoText() == "learning rate 0.2"
    desk.undo_stack.undo()
    until(lambda: desk.run is trained)
    in_force(desk, until, first)
    assert trained.furthest == 12
    assert not desk.undo_stack.canUndo()
    desk.undo_stack.redo()
    until(lambda: desk.run is branch)
    in_force(desk, until, 0.2)


def test_a_rate_taken_back_in_the_past_can_be_made_again(desk: TrainingDesk, until: Until) -> None:
    first = desk.learning_rate
    desk.change("learning_rate", 0.2)
    learn(desk, until, 8)
    trained = desk.run
    desk.travel(3)
    until(lambda: desk.run.iteration == 3)
    desk.undo_stack.undo()
    until(lambda: desk.run is not trained)
    in_force(desk, until, first)
    desk.undo_stack.redo()
    until(lambda: desk.run is trained)
    in_force(desk, until, 0.2)
    assert desk.undo_stack.count() == 1


def test_where_one_travels_to_the_panel_has_the_rate_of_that_iteration(
    shell: Shell, desk: TrainingDesk, until: Until
) -> None:
    first, field = desk.learning_rate, shell.window.panel.learning_rate
    learn(desk, until, 5)
    desk.change("learning_rate", 0.2)
    until(lambda: field.value() == 0.2)
    learn(desk, until, 5)
    for iteration, rate in ((2, first), (9, 0.2)):
        desk.travel(iteration)
        until(lambda at=iteration: desk.run.iteration == at)  # type: ignore[misc]  # bound here
        in_force(desk, until, rate)
        until(lambda rate=rate: field.value() == rate)  # type: ignore[misc]  # bound here


def test_a_rate_asked_for_while_another_model_is_made_is_that_models(
    desk: TrainingDesk, until: Until
) -> None:
    before, was = desk.run, desk.learning_rate
    desk.change("hidden_size", 7)
    desk.change("learning_rate", 0.2)
    until(lambda: desk.run is not before and desk.run.spec.hidden_size == 7)
    in_force(desk, until, 0.2)
    desk.undo_stack.undo()
    until(lambda: desk.run is before)
    in_force(desk, until, was)


def test_a_rate_of_many_figures_is_not_rounded_by_enter(bare_shell: Shell, until: Until) -> None:
    rate = 0.0123456789
    config = RunConfig(task="hello", training=TrainingOptions(learning_rate=rate))
    bare_shell.attach(Run.create(config))
    until(lambda: bare_shell.model.state is not None)
    field, desk = bare_shell.window.panel.learning_rate, bare_shell.desk
    assert desk is not None
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.learning_rate == rate
    assert not desk.undo_stack.count()


def test_a_setting_that_goes_back_keeps_what_was_learned_at_another_rate(
    desk: TrainingDesk, until: Until
) -> None:
    desk.change("learning_rate", 0.2)
    learn(desk, until, 6)
    trained = desk.run
    for size in (7, 3):
        desk.change("hidden_size", size)
    until(lambda: not desk.building)
    assert desk.put is trained
    in_force(desk, until, 0.2)


def test_at_the_end_of_its_schedule_a_run_rests_and_says_how_to_go_on(
    shell: Shell, desk: TrainingDesk, until: Until
) -> None:
    training = TrainingOptions(schedule="cosine", iterations=12)
    before = desk.run
    desk.build(lambda: RunConfig(training=training), "a schedule")
    until(lambda: desk.run is not before)
    banner, field = shell.window.banner, shell.window.panel.learning_rate
    assert "down to 0 at iteration 12" in field.toolTip()
    desk.start()
    until(lambda: desk.run.iteration == 12 and not desk.training)
    until(lambda: "another learning rate" in banner.text.text())
    desk.change("learning_rate", 0.2)
    in_force(desk, until, 0.2)
    learn(desk, until, 3)
    assert desk.run.history.last is not None
    assert desk.run.history.last.learning_rate == 0.2


def test_a_rate_changed_in_the_past_leaves_the_example_that_is_watched_in_sight(
    shell: Shell, desk: TrainingDesk, until: Until
) -> None:
    learn(desk, until, 12)
    trained, examples = desk.run, shell.examples
    assert examples is not None
    desk.travel(5)
    until(lambda: desk.run.iteration == 5)
    examples.watch(desk.run.task.examples("train")[0])
    desk.change("learning_rate", 0.2)
    until(lambda: desk.run is not trained)
    in_force(desk, until, 0.2)
    assert examples.watching
    desk.undo_stack.undo()
    until(lambda: desk.run is trained)
    assert not examples.watching


def test_that_training_rests_by_itself_is_said_with_the_key_that_goes_on(
    shell: Shell, desk: TrainingDesk, until: Until
) -> None:
    learn(desk, until, 3)
    until(
        lambda: shell.window.banner.text.text() == "Training rests after 3 iterations: T goes on."
    )
