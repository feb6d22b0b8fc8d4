"""What is asked of a network and lasts gives way to whoever trains, pauses, travels, leaves or
closes."""

from collections.abc import Callable
from typing import Any

import pytest

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.examiner import Examiner
from rnnviz.session.run import Run
from tests.session.desk import Desk
from tests.session.runs import Clock, hello, same, small


def passes_until(desk: Desk, run: Run, number: int, *commands: c.Command) -> list[int]:
    """Send commands when the network is about to make its pass of that number; they are counted."""
    counted = [0]

    def count() -> None:
        counted[0] += 1
        if counted[0] == number:
            for command in commands:
                desk.commands.put(command)

    before_each_pass(run, count)
    return counted


def before_each_pass(run: Run, act: Callable[[], None]) -> None:
    outputs = run.net.outputs

    def passing(*args: Any) -> Any:
        act()
        return outputs(*args)

    pytest.MonkeyPatch().setattr(run.net, "outputs", passing)  # the run is this test's alone


def kinds(events: list[e.Event]) -> list[type]:
    return [type(event) for event in events]


def test_a_sample_gives_way_and_is_written_after_what_was_urgent() -> None:
    desk = Desk()
    counted = passes_until(desk, desk.run, 10, c.StepOnce(), c.Pause())
    desk.after(e.Sampled, c.Shutdown())
    assert kinds(desk.work(c.Sample("h", 50))) == [e.Paused, e.Paused, e.Sampled]
    assert counted == [60]
    assert same(desk.run, hello().train(1))


def test_a_score_gives_way_between_two_passes_and_is_made_anew() -> None:
    run = small("parity")
    desk = Desk(run)
    counted = passes_until(desk, run, 1, c.Pause())
    desk.after(e.Evaluated, c.Shutdown())
    assert kinds(desk.work(c.Evaluate())) == [e.Paused, e.Evaluated]
    assert counted == [3], "one that was in vain, and the two of a whole score"


def test_whoever_closes_waits_for_a_step_of_a_long_sample_and_not_for_its_end() -> None:
    desk = Desk()
    counted = passes_until(desk, desk.run, 10, c.Shutdown())
    assert not desk.work(c.Sample("h", 1000))
    assert counted == [10]


def test_what_was_asked_of_a_run_that_is_left_is_not_asked_of_the_next() -> None:
    desk, other = Desk(), hello(seed=3)
    passes_until(desk, desk.run, 10, c.Replace(other))
    desk.after(e.Replaced, c.Shutdown())
    assert kinds(desk.work(c.Sample("h", 1000))) == [e.Replaced]


def test_answers_that_were_there_when_something_urgent_came_are_given() -> None:
    run = small("parity")
    desk = Desk(run)
    examples = tuple(run.task.examples("held-out")[:5])
    passes_until(desk, run, 3, c.Pause())
    desk.after(e.Paused, c.Shutdown())
    events = desk.work(c.Ask(examples))
    assert kinds(events) == [e.Replied, e.Paused]
    assert isinstance(events[0], e.Replied)
    assert [reply.example for reply in events[0].replies] == list(examples[:2])


def test_commands_that_are_not_urgent_wait_in_their_order() -> None:
    desk = Desk()
    passes_until(desk, desk.run, 5, c.Look(), c.SetPace(0.0), c.Evaluate())
    desk.after(e.Evaluated, c.Shutdown())
    assert kinds(desk.work(c.Sample("h", 20))) == [e.Sampled, e.Evaluated]


def test_a_score_that_is_due_while_training_is_left_out_where_somebody_pauses() -> None:
    run, clock = small("parity"), Clock()
    desk = Desk(run)
    desk.loop._examiner = Examiner(clock)
    step: Callable[[], object] = run.step

    def slow_step() -> object:
        clock.seconds += 10
        return step()

    run.step = slow_step  # type: ignore[method-assign, assignment]  # slowed down
    passes_until(desk, run, 1, c.Pause())
    desk.after(e.Paused, c.Shutdown())
    assert kinds(desk.work(c.Start())) == [e.Started, e.Paused]
    assert not run.held_out.points
    assert run.net.interrupt is None


def slow_desk(run: Run | None = None, seconds: float = 1.0) -> tuple[Desk, Clock]:
    """A desk whose network takes so long for a pass that is not one of training."""
    desk, clock = Desk(run), Clock()
    desk.loop._errands._now = clock

    def wait() -> None:
        clock.seconds += seconds

    before_each_pass(desk.run, wait)
    return desk, clock


def test_a_long_sample_gives_way_to_training_and_is_written_when_that_rests() -> None:
    desk, _ = slow_desk()
    counted = passes_until(desk, desk.run, 10, c.Start(5))
    desk.after(e.Sampled, c.Shutdown())
    events = desk.work(c.Sample("h", 50))
    assert kinds(events) == [e.PutOff, e.Started, e.Finished, e.Sampled]
    assert counted == [60]
    assert same(desk.run, hello().train(5))


def test_training_waits_for_a_sample_that_is_soon_written() -> None:
    desk, _ = slow_desk(seconds=0.001)
    counted = passes_until(desk, desk.run, 10, c.Start(5))
    desk.after(e.Finished, c.Shutdown())
    assert kinds(desk.work(c.Sample("h", 50))) == [e.Sampled, e.Started, e.Finished]
    assert counted == [50]


def test_what_was_asked_before_training_began_waits_until_it_rests_in_its_order() -> None:
    desk, _ = slow_desk()
    passes_until(desk, desk.run, 10, c.Sample("e", 20), c.Start(5))
    desk.reactions.append((e.Sampled, lambda: desk.after(e.Sampled, c.Shutdown())))
    events = desk.work(c.Sample("h", 50))
    assert kinds(events) == [e.PutOff, e.PutOff, e.Started, e.Finished, e.Sampled, e.Sampled]
    written = [event.prompt for event in events if isinstance(event, e.Sampled)]
    assert written == ["h", "e"]


def test_a_sample_put_off_by_training_is_written_after_a_pause_and_not_before() -> None:
    desk, _ = slow_desk()
    passes_until(desk, desk.run, 10, c.Start())
    desk.after(e.Started, c.Pause())
    desk.after(e.Sampled, c.Shutdown())
    assert kinds(desk.work(c.Sample("h", 50))) == [e.PutOff, e.Started, e.Paused, e.Sampled]


def test_a_sample_put_off_by_training_is_forgotten_with_the_run_that_it_was_asked_of() -> None:
    desk, _ = slow_desk()
    passes_until(desk, desk.run, 10, c.Start())
    desk.after(e.Started, c.Replace(hello(seed=3)), c.Look(), c.Shutdown())
    assert kinds(desk.work(c.Sample("h", 50))) == [e.PutOff, e.Started, e.Replaced]


def test_a_first_score_that_lasts_is_given_up_and_tried_again_after_more_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = small("parity")
    desk, clock = slow_desk(run)
    desk.loop._examiner = Examiner(clock)
    counted = passes_until(desk, run, 1000)
    step: Callable[[], object] = run.step

    def timed_step() -> object:
        clock.seconds += 1.0
        return step()

    monkeypatch.setattr(run, "step", timed_step)
    desk.after(e.Evaluated, c.Shutdown())
    assert kinds(desk.work(c.Start())) == [e.Started, e.Evaluated]
    assert counted == [4], "the second pass was too much, and then there was time for both"
    assert run.iteration > 20, "training hardly notices"
    assert [point.iteration for point in run.held_out.points] == [run.iteration]
    assert run.net.interrupt is None


def test_where_a_score_has_been_made_what_one_costs_is_known_and_none_is_given_up() -> None:
    examiner = Examiner(Clock())
    assert examiner.patience < 10
    examiner.spent(60.0)
    assert examiner.patience == float("inf")
