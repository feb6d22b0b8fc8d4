"""The laboratory's thread: newest wins, errors are sentences, closing ends what runs."""

from collections.abc import Iterator
from threading import Event
from time import monotonic, thread_time

import pytest

from rnnviz.analysis.progress import Progress, report
from rnnviz.app.lab.worker import Done, LabWorker
from rnnviz.session.gate import Gate
from rnnviz.trace import UserError


@pytest.fixture
def worker() -> Iterator[LabWorker]:
    made = LabWorker()
    yield made
    assert made.close()


def results(worker: LabWorker, count: int) -> list[Done]:
    found: list[Done] = []
    end = monotonic() + 10
    while len(found) < count:
        assert monotonic() < end, "waited in vain"
        found += worker.take()
    return found


def test_a_result_comes_back_with_its_ticket(worker: LabWorker) -> None:
    worker.ask("a", "ticket", lambda progress: 42)
    (done,) = results(worker, 1)
    assert (done.key, done.ticket, done.result, done.error) == ("a", "ticket", 42, "")


def test_of_several_that_wait_only_the_newest_of_a_kind_is_computed(worker: LabWorker) -> None:
    gate, made = Event(), []
    worker.ask("first", 0, lambda progress: gate.wait(10))
    for number in range(5):
        worker.ask("a", number, lambda progress, number=number: made.append(number))
    worker.ask("b", 9, lambda progress: made.append("b"))
    gate.set()
    results(worker, 3)
    assert made == [4, "b"]


def test_an_urgent_job_ends_the_running_one_of_its_kind(worker: LabWorker) -> None:
    started = Event()

    def endless(progress: Progress) -> None:
        started.set()
        while True:
            report(progress, 1, 2)

    worker.ask("a", "old", endless)
    assert started.wait(10)
    worker.ask("a", "new", lambda progress: "new", urgent=True)
    (done,) = results(worker, 1)
    assert done.ticket == "new"


def test_errors_are_sentences_and_the_thread_lives_on(worker: LabWorker) -> None:
    def wrong(progress: Progress) -> None:
        raise UserError("this pass has no losses")

    def broken(progress: Progress) -> None:
        raise ZeroDivisionError("by zero")

    worker.ask("a", 1, wrong)
    worker.ask("b", 2, broken)
    first, second = results(worker, 2)
    assert first.error == "this pass has no losses"
    assert "ZeroDivisionError" in second.error
    worker.ask("c", 3, lambda progress: "fine")
    assert results(worker, 1)[0].result == "fine"


def test_closing_ends_a_computation_that_reports_its_progress() -> None:
    made, started = LabWorker(), Event()

    def endless(progress: Progress) -> None:
        started.set()
        while True:
            report(progress, 1, 100)

    made.ask("a", 1, endless)
    assert started.wait(10)
    assert made.close()


def test_a_kind_that_is_asked_again_and_again_does_not_keep_the_others_waiting(
    worker: LabWorker,
) -> None:
    made: list[str] = []
    kinds = ("a", "b", "c", "d")

    def do(key: str) -> None:
        made.append(key)

    end = monotonic() + 10
    while {*made} != {*kinds}:
        assert monotonic() < end, f"only {made[:10]}"
        for key in kinds:
            worker.ask(key, 0, lambda progress, key=key: do(key))
    first = {key: made.index(key) for key in kinds}
    assert max(first.values()) < 2 * len(kinds)


def test_a_slow_kind_rests_longer_than_it_worked_and_the_others_go_on_meanwhile(
    worker: LabWorker,
) -> None:
    made: list[str] = []

    def slow(progress: Progress) -> None:
        end = thread_time() + 0.5
        while thread_time() < end:
            pass
        made.append("slow")

    worker.ask("slow", 0, slow)
    results(worker, 1)
    worker.ask("slow", 1, slow)
    for number in range(3):
        worker.ask("quick", number, lambda progress: made.append("quick"))
        results(worker, 1)
    assert made == ["slow", "quick", "quick", "quick"]


def test_while_somebody_draws_a_job_waits_at_its_next_report(worker: LabWorker) -> None:
    gate, steps = Gate(), []
    worker.gate = gate
    gate.close()

    def work(progress: Progress) -> None:
        for step in range(3):
            steps.append(step)
            report(progress, step, 3)

    worker.ask("a", 0, work)
    gate.open()
    results(worker, 1)
    assert steps == [0, 1, 2]


def test_a_job_that_begins_while_somebody_draws_has_not_begun(worker: LabWorker) -> None:
    gate = Gate()
    worker.gate = gate
    begun, waited = Event(), Event()
    wait = gate.wait
    gate.wait = lambda: (waited.set(), wait())[1]  # type: ignore[method-assign]  # to see it
    gate.close()
    worker.ask("a", 0, lambda progress: begun.set())
    assert waited.wait(10)
    gate.open()
    assert begun.wait(10)


def test_an_urgent_job_waits_for_no_other_kind_however_long_that_is_silent(
    worker: LabWorker,
) -> None:
    started, let_go = Event(), Event()

    def silent(progress: Progress) -> None:
        started.set()
        let_go.wait(10)

    worker.ask("slow", 0, silent)
    assert started.wait(10)
    worker.ask("quick", 1, lambda progress: "seen", urgent=True)
    (done,) = results(worker, 1)
    assert (done.result, done.urgent) == ("seen", True)
    let_go.set()
    assert results(worker, 1)[0].ticket == 0


def test_the_trainer_rests_from_the_moment_a_hand_asks_until_its_answer_is_taken(
    worker: LabWorker,
) -> None:
    worker.gate = gate = Gate()
    worker.ask("calm", 0, lambda progress: None)
    assert not gate.is_closed
    results(worker, 1)
    made = Event()
    worker.ask("urgent", 1, lambda progress: made.set(), urgent=True)
    assert gate.is_closed
    assert made.wait(10)
    assert gate.is_closed, "it is not on screen yet"
    assert worker.hurries
    results(worker, 1)
    assert not gate.is_closed
    assert not worker.hurries


def test_a_job_that_was_only_in_the_way_is_done_afterwards(worker: LabWorker) -> None:
    started, times = Event(), []

    def calm(progress: Progress) -> None:
        times.append("begun")
        started.set()
        while len(times) == 1:
            report(progress, 1, 2)

    def urgent(progress: Progress) -> None:
        times.append("urgent")

    worker.ask("panel", 0, calm, kind="figure")
    assert started.wait(10)
    worker.ask("window", 1, urgent, urgent=True, kind="figure")
    assert [done.key for done in results(worker, 2)] == ["window", "panel"]
    assert times == ["begun", "urgent", "begun"]


def test_what_nobody_looks_at_any_more_is_not_done_again(worker: LabWorker) -> None:
    started, made = Event(), []

    def calm(progress: Progress) -> None:
        made.append("begun")
        started.set()
        while True:
            report(progress, 1, 2)

    worker.ask("panel", 0, calm, kind="figure")
    assert started.wait(10)
    with worker._changed:  # both wishes arrive before the job's next report is heard
        worker.ask("window", 1, lambda progress: None, urgent=True, kind="figure")
        worker.forget("panel")
    results(worker, 1)
    worker.ask("other", 2, lambda progress: None)
    results(worker, 1)
    assert made == ["begun"]


def test_under_a_moving_slider_an_answer_is_finished_before_the_next_is_begun(
    worker: LabWorker,
) -> None:
    started, moved, made = Event(), Event(), []

    def first(progress: Progress) -> None:
        started.set()
        moved.wait(10)
        report(progress, 1, 2)
        made.append("first")

    worker.ask("a", 0, first, urgent=True)
    assert started.wait(10)
    for number in (1, 2):
        worker.ask("a", number, lambda progress, number=number: made.append(number), urgent=True)
    moved.set()
    assert [done.ticket for done in results(worker, 2)] == [0, 2]
    assert made == ["first", 2]


def test_how_far_each_job_is_can_be_asked(worker: LabWorker) -> None:
    reported, let_go = Event(), Event()

    def slow(progress: Progress) -> None:
        report(progress, 3, 7)
        reported.set()
        let_go.wait(10)

    assert worker.progress_of("a") is None
    worker.ask("a", 0, slow)
    assert reported.wait(10)
    assert worker.progress_of("a") == (3, 7)
    let_go.set()
    results(worker, 1)
    assert worker.progress_of("a") is None
