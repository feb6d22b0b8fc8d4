"""How often a pass is shown while training runs: as often as it can without being noticed."""

from collections.abc import Callable
from queue import SimpleQueue

import pytest

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.loop import TrainingLoop
from rnnviz.session.mailbox import Mailbox, ShownPass
from rnnviz.session.ration import SHOWING_SHARE, Ration, Showing
from rnnviz.session.run import Run
from tests.session.runs import Clock, hello


class Greedy(Mailbox[ShownPass]):
    """Somebody takes every pass at once and wants the next."""

    def put(self, item: ShownPass) -> None:
        super().put(item)
        self.ask()


def shown_iterations(
    iterations: int, plain: float, traced: float, *commands: c.Command, run: Run | None = None
) -> tuple[int, float]:
    """How many passes were shown while training, and the share of time that all but the first took.

    A plain iteration takes ``plain`` and a traced one ``traced`` seconds. The first is not counted
    in full, because buffers are made for it.
    """
    clock, run = Clock(), hello() if run is None else run
    counts = {"plain": 0, "traced": 0}

    def slow(action: Callable[[], object], kind: str, seconds: float) -> Callable[[], object]:
        def act() -> object:
            counts[kind] += 1
            clock.seconds += seconds
            return action()

        return act

    run.step = slow(run.step, "plain", plain)  # type: ignore[method-assign, assignment]  # slowed down
    run.traced_step = slow(run.traced_step, "traced", traced)  # type: ignore[method-assign, assignment]  # slowed down
    queue: SimpleQueue[c.Command] = SimpleQueue()

    def heard(event: e.Event) -> None:
        if isinstance(event, e.Finished):
            queue.put(c.Shutdown())

    for command in (*commands, c.Start(iterations)):
        queue.put(command)
    TrainingLoop(run, Greedy(), queue, heard, showing=Showing(clock, clock)).work()
    assert sum(counts.values()) == iterations
    extra = (counts["traced"] - 1) * (traced - plain)
    return counts["traced"], extra / clock.seconds


@pytest.mark.parametrize("cost", [0.5, 5.0, 40.0])
def test_showing_takes_no_more_than_its_share_whatever_a_pass_costs(cost: float) -> None:
    shown, share = shown_iterations(60_000, 0.01, 0.01 * (1 + cost))
    assert shown > 5
    assert share == pytest.approx(SHOWING_SHARE, rel=0.15)


def test_a_pass_that_costs_nothing_is_shown_at_every_third_iteration() -> None:
    shown, _ = shown_iterations(100, 0.01, 0.01)
    assert shown >= 33


def test_an_iteration_that_finds_the_caches_full_is_counted_as_a_cost_of_the_pass_before() -> None:
    clock = Clock()
    showing = Showing(clock, clock)
    for _ in range(5):
        showing.shown(0.002)
        showing.plain(0.0015)
        showing.plain(0.001)
    clock.seconds += 0.0014 / SHOWING_SHARE
    assert not showing.is_due
    clock.seconds += 0.0002 / SHOWING_SHARE
    assert showing.is_due


def test_slow_training_shows_every_iteration_whatever_it_costs() -> None:
    shown, _ = shown_iterations(20, 0.01, 1.0, c.SetPace(1e-6))
    assert shown == 20


def test_one_hiccup_does_not_keep_the_next_pass_away() -> None:
    clock = Clock()
    showing = Showing(clock, clock)
    for traced in (0.5, 0.002, 0.002, 0.002, 0.9):
        showing.shown(traced)
        assert not showing.is_due
        showing.plain(0.001)
        assert not showing.is_due
        showing.plain(0.001)
        clock.seconds += 0.001 / SHOWING_SHARE
    assert showing.is_due


def test_what_is_rationed_is_due_again_when_its_share_is_earned() -> None:
    clock = Clock()
    ration = Ration(0.1, 2.0, clock)
    assert not ration.is_due
    clock.seconds = 2.0
    assert ration.is_due
    ration.spent(0.01)
    clock.seconds += 1.9
    assert not ration.is_due
    clock.seconds += 0.2
    assert ration.is_due
    ration.spent(1.0)
    clock.seconds += 9.9
    assert not ration.is_due
    clock.seconds += 0.2
    assert ration.is_due


def test_time_that_other_programs_took_is_not_counted_as_the_cost_of_a_pass() -> None:
    clock, work = Clock(), Clock()
    showing = Showing(clock, work)
    for _ in range(5):
        clock.seconds += 0.5  # the machine is busy
        showing.shown(0.002)
        for _ in range(2):
            clock.seconds += 0.5
            showing.plain(0.001)
    assert not showing.is_due
    clock.seconds += 0.001 / SHOWING_SHARE + 1e-9
    assert showing.is_due
