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
