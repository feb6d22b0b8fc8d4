"""A learning rate that is taken back leaves the one that was in force, wherever that came from."""

from pathlib import Path

from rnnviz.session.config import RunConfig, TrainingOptions
from rnnviz.session.files import load_run
from rnnviz.session.run import Run
from tests.app.in_turns import InTurns
from tests.session.runs import fingerprint


def past_its_schedule(turns: InTurns) -> Run:
    """Put a run on the table whose schedule has come to 0."""
    training = TrainingOptions(schedule="linear", iterations=5)
    turns.desk.build(lambda: RunConfig(training=training), "a schedule")
    turns.all()
    turns.desk.start()
    turns.all()
    assert turns.run.idleness
    return turns.run


def test_a_rate_set_after_the_end_of_a_schedule_is_taken_back_to_no_learning(
    turns: InTurns,
) -> None:
    run = past_its_schedule(turns)
    rested = fingerprint(run)
    turns.desk.change("learning_rate", 0.2)
    turns.all()
    assert not run.idleness
    turns.desk.undo_stack.undo()
    turns.all()
    assert run.idleness
    assert fingerprint(run) == rested
    turns.desk.start(3)
    turns.all()
    assert run.iteration == 5
    turns.desk.undo_stack.redo()
    turns.desk.start(3)
    turns.all()
    assert (run.iteration, run.history.column("learning_rate")[-1]) == (8, 0.2)


def test_so_it_is_where_it_is_taken_back_before_the_worker_has_set_it(turns: InTurns) -> None:
    run = past_its_schedule(turns)
    turns.desk.change("learning_rate", 0.2)
    turns.desk.undo_stack.undo()
    turns.all()
    assert run.idleness


def test_the_first_of_two_rates_after_the_end_of_a_schedule_comes_back_as_it_was(
    turns: InTurns,
) -> None:
    run = past_its_schedule(turns)
    turns.desk.change("learning_rate", 0.2)
    turns.desk.change("learning_rate", 0.3)
    turns.desk.undo_stack.undo()
    turns.all()
    assert (run.learning_rate, run.idleness) == (0.2, "")


def test_a_run_in_which_such_a_rate_was_taken_back_is_saved_with_it(
    turns: InTurns, tmp_path: Path
) -> None:
    run = past_its_schedule(turns)
    turns.desk.change("learning_rate", 0.2)
    turns.desk.start(3)
    turns.all()
    turns.desk.undo_stack.undo()
    turns.all()
    assert run.idleness
    run.step()
    run.save(tmp_path / "run.rnnviz")
    opened = load_run(tmp_path / "run.rnnviz")
    for iteration in (7, 9):
        opened.travel(iteration)
        run.travel(iteration)
        assert opened.idleness == run.idleness
    assert opened.idleness


def test_a_rate_asked_for_on_the_way_to_another_iteration_is_taken_back_to_the_rate_there(
    turns: InTurns,
) -> None:
    turns.desk.start(2)
    turns.all()
    turns.desk.change("learning_rate", 0.2)
    turns.all()
    turns.desk.travel(1)
    turns.all()
    assert turns.desk.learning_rate == 0.1
    turns.desk.travel(2)
    turns.desk.change("learning_rate", 0.3)
    turns.all()
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run.learning_rate == turns.desk.learning_rate == 0.2


def saved(folder: Path) -> Path:
    path = folder / "run.rnnviz"
    Run.create(RunConfig(task="hello", seed=4)).train(6).save(path)
    return path


def test_what_is_changed_while_a_saved_run_is_read_is_changed_of_that_run(
    turns: InTurns, tmp_path: Path
) -> None:
    before = turns.run
    turns.desk.open_run(saved(tmp_path), load_run)
    turns.desk.change("learning_rate", 0.3)
    turns.all()
    assert (turns.run.config.seed, turns.run.iteration, turns.run.learning_rate) == (4, 6, 0.3)
    assert turns.changes == ["learning rate 0.3", "open run.rnnviz"]
    assert before.learning_rate == 0.1
    turns.desk.open_run(saved(tmp_path), load_run)
    turns.desk.change("hidden_size", 5)
    turns.all()
    assert (turns.run.config.seed, turns.run.spec.hidden_size) == (4, 5)
    assert turns.changes[:2] == ["hidden size 5", "open run.rnnviz"]


def test_what_is_changed_while_a_file_is_read_in_vain_is_changed_of_the_run_on_the_table(
    turns: InTurns, tmp_path: Path
) -> None:
    before = turns.run
    turns.desk.open_run(tmp_path / "no.rnnviz", load_run)
    turns.desk.change("learning_rate", 0.3)
    turns.all()
    assert turns.run is before
    assert before.learning_rate == 0.3
    assert len(turns.said) == 1
