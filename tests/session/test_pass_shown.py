"""Where training rests, the pass shown is the one whose loss the history has."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.files import load_run
from rnnviz.session.run import Run
from rnnviz.session.trainer import Trainer
from rnnviz.trace import Trace
from rnnviz.trace.history import Row
from tests.session.desk import Desk
from tests.session.runs import hello, same


def loss_of(trace: Trace | None) -> float:
    assert trace is not None
    return float(trace["loss_total"])


def last_loss(run: Run) -> float:
    last = run.history.last
    assert last is not None
    return last.loss


def test_where_training_rests_the_pass_shown_has_the_loss_of_that_iteration() -> None:
    finished = Desk()
    finished.after(e.Finished, c.Shutdown())
    finished.work(c.Start(25))
    paused = Desk()
    paused.after(e.Started, c.Pause(), c.Shutdown())
    paused.work(c.StepOnce(), c.Start())
    for desk in (finished, paused):
        row = desk.run.history.at(desk.run.iteration)
        assert row is not None
        trace = desk.shown()
        assert trace is not None
        assert trace.iteration == row.iteration
        assert loss_of(trace) == row.loss


def test_travelling_shows_the_pass_whose_loss_the_history_has_and_looking_again_the_same() -> None:
    desk = Desk(hello().train(259))
    desk.after(e.Travelled, c.Watch(None), c.Look(), c.Shutdown())
    desk.work(c.Travel(98))
    row = desk.run.history.at(98)
    assert row is not None
    assert loss_of(desk.shown()) == row.loss
    assert np.array_equal(desk.run.net.params.flat, hello().train(98).net.params.flat)


def test_a_run_that_comes_back_shows_the_pass_that_it_rested_at() -> None:
    desk = Desk()
    other = hello(seed=4)
    desk.work(c.StepOnce(), c.StepOnce(), c.Replace(other), c.Replace(desk.run), c.Shutdown())
    row = desk.run.history.at(2)
    assert row is not None
    assert loss_of(desk.shown()) == row.loss


def test_after_a_reset_the_pass_of_the_former_training_is_gone() -> None:
    desk = Desk()
    desk.work(c.StepOnce(), c.Reset(seed=5), c.StepOnce(), c.Reset(seed=5), c.Shutdown())
    trace = desk.shown()
    assert trace is not None
    assert trace.iteration == 0


def test_an_opened_run_shows_the_pass_whose_loss_the_history_has_and_goes_on_to_the_bit(
    tmp_path: Path,
) -> None:
    hello().train(77).save(tmp_path / "run.rnnviz")
    opened = load_run(tmp_path / "run.rnnviz")
    first, later = Desk(opened), Desk()
    first.after(e.Paused, c.Shutdown())
    first.work(c.Pause())
    later.after(e.Replaced, c.Shutdown())
    later.work(c.Replace(load_run(tmp_path / "run.rnnviz")))
    for desk in (first, later):
        trace = desk.shown()
        assert trace is not None
        assert trace.update is not None
        assert trace.iteration == 77
        assert loss_of(trace) == last_loss(opened)
    assert same(opened.train(20), hello().train(97))


@pytest.mark.parametrize("wish", [c.Start(2), c.StepOnce()])
def test_whoever_trains_an_opened_run_on_does_not_wait_for_what_it_did_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: c.Command
) -> None:
    hello().train(31).save(tmp_path / "run.rnnviz")
    opened, step, made = load_run(tmp_path / "run.rnnviz"), Trainer.step, [0]
    desk = Desk(opened)

    def slow_step(trainer: Trainer) -> Row:
        made[0] += 1
        if made[0] == 3:
            desk.commands.put(wish)
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", slow_step)
    for ending in (e.Finished, e.Paused):
        desk.after(ending, c.Shutdown())
    desk.work()
    assert made[0] <= 5, "and not the thirty from the beginning to its last"
    iterations = 2 if isinstance(wish, c.Start) else 1
    assert same(opened, hello().train(31 + iterations))


def test_a_run_that_has_no_more_to_learn_shows_what_it_did_last_though_training_was_asked_for(
    tmp_path: Path,
) -> None:
    run = hello(schedule="linear", iterations=20).train(20)
    run.save(tmp_path / "run.rnnviz")
    desk = Desk(load_run(tmp_path / "run.rnnviz"))
    desk.after(e.Finished, c.Shutdown())
    desk.work(c.Start())
    assert loss_of(desk.shown()) == last_loss(run)


def test_a_run_whose_last_pass_cannot_be_made_again_shows_the_next_and_is_untouched() -> None:
    run = hello().train(9)
    run.reset_checkpoints()
    assert run.last_pass() is None
    cut = hello().train(40)
    assert cut.last_pass(cancelled=lambda: True) is None
    assert same(cut, hello().train(40))
