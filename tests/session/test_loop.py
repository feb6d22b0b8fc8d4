from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from rnnviz.session import RunConfig, TrainingOptions
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.run import Run
from rnnviz.trace import Trace
from tests.session.desk import Desk
from tests.session.runs import hello, same


def test_training_finishes_after_the_iterations_asked_for() -> None:
    desk = Desk()
    desk.after(e.Finished, c.Shutdown())
    assert desk.work(c.Start(25)) == [e.Started(0), e.Finished(25)]
    assert same(desk.run, hello().train(25))


def test_the_first_thing_in_the_mailbox_is_the_state_before_training() -> None:
    desk = Desk()
    desk.work(c.Shutdown())
    trace = desk.shown()
    assert trace is not None
    assert trace.iteration == 0


def test_a_trace_is_made_only_when_it_is_wanted() -> None:
    desk = Desk()
    made: list[int] = []
    original = desk.run.traced_step

    def counted() -> Trace:
        made.append(desk.run.iteration)
        return original()

    desk.run.traced_step = counted  # type: ignore[method-assign]  # counts the calls
    desk.after(e.Finished, c.Shutdown())
    desk.work(c.Start(50))
    assert made == [49]  # nobody took the first trace; the last one is what training rests at
    assert desk.mailbox.dropped == 1  # the one at the beginning, overtaken by the one at the end


def test_step_once_trains_one_iteration_and_shows_it() -> None:
    desk = Desk()
    assert desk.work(c.StepOnce(), c.StepOnce(), c.Shutdown()) == [e.Paused(1), e.Paused(2)]
    trace = desk.shown()
    assert trace is not None
    assert trace.iteration == 2
    assert trace.update is not None
    assert same(desk.run, hello().train(2))


def test_pausing_resetting_and_starting_again_gives_the_same_run() -> None:
    desk = Desk()
    desk.after(e.Finished, c.Reset(), c.Start(10))
    desk.after(e.WasReset, c.Pause())
    events: list[e.Event] = []
    desk.after(e.Paused, c.Start(12))
    desk.reactions.append((e.Started, lambda: None))
    desk.after(e.Paused, c.Shutdown())
    events = desk.work(c.Start(7))
    assert e.Finished(7) in events
    assert e.WasReset() in events
    assert desk.run.iteration <= 22


def test_the_learning_rate_is_set_between_two_iterations() -> None:
    desk = Desk()
    desk.after(e.Finished, c.SetLearningRate(0.5), c.Start(5))
    desk.after(e.LearningRateSet, c.SetPace(0.0))
    desk.reactions.append((e.Finished, lambda: desk.after(e.Finished, c.Shutdown())))
    desk.work(c.Start(5))
    np.testing.assert_array_equal(desk.run.history.column("learning_rate"), [0.1] * 5 + [0.5] * 5)


def test_training_rests_where_the_schedule_has_nothing_left_and_goes_on_with_another_rate() -> None:
    desk = Desk(hello(schedule="linear", iterations=20))
    desk.after(e.Finished, c.Start(), c.SetLearningRate(0.5), c.Start(5))
    desk.reactions.append((e.LearningRateSet, lambda: desk.after(e.Finished, c.Shutdown())))
    events = desk.work(c.Start())
    finished = [event for event in events if isinstance(event, e.Finished)]
    assert [event.iteration for event in finished] == [20, 20, 25]
    assert "another learning rate" in finished[0].why
    assert [event.why for event in finished[1:]] == [finished[0].why, ""]


def test_of_several_places_to_travel_to_the_newest_counts() -> None:
    run = hello().train(100)
    desk = Desk(run)
    desk.after(e.Travelled, c.Shutdown())
    events = desk.work(c.Travel(90), c.Travel(50), c.Travel(63))
    assert events[-1] == e.Travelled(63, 100)
    trace = desk.shown()
    assert trace is not None
    assert trace.iteration == 63
    assert np.array_equal(run.net.params.flat, hello().train(63).net.params.flat)


def test_commands_that_wait_during_a_replay_are_obeyed_after_it() -> None:
    run = hello().train(30)
    desk = Desk(run)
    desk.after(e.Finished, c.Shutdown())
    desk.work(c.Travel(20), c.SetLearningRate(0.2), c.Start(3))
    rates = desk.loop.run.history.column("learning_rate")
    assert len(rates) == 23
    assert (rates[20:] == 0.2).all()
    assert len(run.history) == 30


def test_a_command_that_cannot_be_obeyed_is_reported_and_changes_nothing() -> None:
    desk = Desk(hello().train(3))
    events = desk.work(
        c.Sample("zebra", 5), c.Travel(99), c.SetLearningRate(-1), c.Watch("?"), c.Shutdown()
    )
    assert [type(event) for event in events] == [e.Failed] * 4
    assert all(isinstance(event, e.Failed) and event.message for event in events)
    assert same(desk.run, hello().train(3))


def test_a_failing_command_does_not_stop_training() -> None:
    desk = Desk()
    desk.after(e.Started, c.Sample("zebra", 5))
    desk.after(e.Finished, c.Shutdown())
    events = desk.work(c.Start(20))
    assert events[-1] == e.Finished(20)
    assert any(isinstance(event, e.Failed) for event in events)


def test_divergence_pauses_the_run_and_says_what_to_do() -> None:
    settings = TrainingOptions(optimizer="adam", learning_rate=1e20, clip_norm=0.0)
    desk = Desk(Run.create(RunConfig(training=settings)))
    desk.after(e.Diverged, c.Travel(0), c.Shutdown())
    events = desk.work(c.Start())
    diverged = next(event for event in events if isinstance(event, e.Diverged))
    assert "lower learning rate" in diverged.message
    assert isinstance(events[-1], e.Travelled)


def test_one_iteration_that_fails_while_training_runs_leaves_it_paused_and_says_so() -> None:
    desk = Desk()

    def broken() -> Trace:
        raise ZeroDivisionError("by zero")

    desk.run.traced_step = broken  # type: ignore[method-assign]  # breaks on purpose
    desk.after(e.Started, c.StepOnce(), c.Shutdown())
    assert desk.shown() is None
    kinds = [type(event) for event in desk.work(c.Start())]
    assert kinds[-2:] == [e.Failed, e.Paused]


def test_a_sample_and_a_score_are_reported() -> None:
    desk = Desk(hello().train())
    desk.after(e.Evaluated, c.Shutdown())
    events = desk.work(c.Sample("h", 4, temperature=0.0), c.Evaluate())
    sampled, evaluated = events
    assert isinstance(sampled, e.Sampled)
    assert sampled.text == "ello"
    assert sampled.trace.mode == "sample"
    assert isinstance(evaluated, e.Evaluated)
    assert evaluated.score.value == 1.0


def test_a_watched_text_is_shown_instead_of_the_batch() -> None:
    desk = Desk()
    desk.work(c.Watch("leh"), c.StepOnce(), c.Shutdown())
    trace = desk.shown()
    assert trace is not None
    assert trace.labels.inputs == (("l", "e"),)
    assert same(desk.run, hello().train(1))


def test_a_run_is_saved_and_replaced(tmp_path: Path) -> None:
    desk = Desk(hello().train(3))
    other = hello(seed=5)
    events = desk.work(c.Save(tmp_path / "a.rnnviz"), c.Replace(other), c.Shutdown())
    saved, replaced = events
    assert isinstance(saved, e.Saved)
    assert (saved.path, saved.iteration) == (tmp_path / "a.rnnviz", saved.run.iteration)
    assert saved.run is not other
    assert replaced == e.Replaced(other)
    assert (tmp_path / "a.rnnviz").exists()
    assert desk.loop.run is other


def test_an_unexpected_error_is_reported_with_details_and_the_loop_lives_on() -> None:
    desk = Desk()

    def broken() -> None:
        raise ZeroDivisionError("by zero")

    desk.run.step = broken  # type: ignore[method-assign, assignment]  # breaks on purpose
    desk.after(e.Failed, c.Evaluate())
    desk.after(e.Evaluated, c.Shutdown())
    events = desk.work(c.Start(5))
    failed = events[1]
    assert isinstance(failed, e.Failed)
    assert "ZeroDivisionError" in failed.message
    assert "broken" in failed.details
    assert events[2] == e.Paused(0), "who watches hears that training rests"
    assert isinstance(events[-1], e.Evaluated)


@pytest.mark.parametrize("pace", [0.0, 0.001])
def test_a_worker_thread_can_be_shut_down_at_any_moment(pace: float) -> None:
    desk = Desk()
    worker = Thread(target=desk.loop.work)
    worker.start()
    desk.commands.put(c.SetPace(pace))
    desk.commands.put(c.Start())
    while desk.run.iteration < 5:
        desk.shown()
    desk.commands.put(c.Shutdown())
    worker.join(timeout=20)
    assert not worker.is_alive()
    assert same(desk.run, hello().train(desk.run.iteration))


def test_training_on_from_the_past_leaves_the_run_that_had_been_further_as_it_was() -> None:
    desk = Desk(hello().train(40))
    desk.after(e.Travelled, c.StepOnce())
    desk.after(e.Paused, c.Shutdown())
    events = desk.work(c.Travel(15))
    (branched,) = [each for each in events if isinstance(each, e.Branched)]
    assert branched.before is desk.run
    assert branched.run is desk.loop.run
    assert branched.run.iteration == branched.run.furthest == 16
    assert desk.run.furthest == len(desk.run.history) == 40
    assert desk.run.travel(40)
    assert same(desk.run, hello().train(40))
