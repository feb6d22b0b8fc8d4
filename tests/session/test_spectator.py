"""Watching, asking, trying and decoding while a run trains."""

from queue import SimpleQueue

import numpy as np
import pytest

from rnnviz.engine import Batch
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.examiner import LEAST_SECONDS, SHARE, Examiner
from rnnviz.session.loop import TrainingLoop
from rnnviz.session.mailbox import Mailbox, ShownPass
from rnnviz.session.questions import agreement
from rnnviz.session.run import Run
from rnnviz.tasks import get_task
from rnnviz.trace import Trace, UserError
from tests.session.runs import Clock, hello, same, small


def worked(
    run: Run, *commands: c.Command, examiner: Examiner | None = None
) -> tuple[list[e.Event], Trace | None]:
    """What a loop reports when it is told all this and then to end, and the pass it shows last."""
    queue: SimpleQueue[c.Command] = SimpleQueue()
    events: list[e.Event] = []
    mailbox: Mailbox[ShownPass] = Mailbox()

    def heard(event: e.Event) -> None:
        events.append(event)
        if isinstance(event, e.Finished | e.Replied | e.Decoded | e.Failed):
            queue.put(c.Shutdown())

    for command in commands:
        queue.put(command)
    if not any(isinstance(command, c.Start | c.Ask | c.Decode) for command in commands):
        queue.put(c.Shutdown())
    loop = TrainingLoop(run, mailbox, queue, heard, examiner)
    # On a busy machine an answer may take longer than whoever trains on waits for it.
    loop._errands._now = Clock()
    loop.work()
    newest = mailbox.take()
    return events, None if newest is None else newest.trace


def only(events: list[e.Event], kind: type) -> e.Event:
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, events
    return found[0]


def test_scoring_while_training_changes_no_bit_of_the_training() -> None:
    clock = Clock()
    examiner = Examiner(clock)
    run = small("parity")
    events, _ = worked(run, c.Start(30), examiner=_always(examiner, clock))
    assert sum(isinstance(event, e.Evaluated) for event in events) == 30
    assert same(run, small("parity").train(30))
    assert [p.iteration for p in run.held_out.points] == list(range(1, 31))


def _always(examiner: Examiner, clock: Clock) -> Examiner:
    spent = examiner.spent

    def at_once(seconds: float) -> None:
        spent(seconds)
        clock.seconds += 1e6

    examiner.spent = at_once  # type: ignore[method-assign]  # makes every iteration due
    clock.seconds += 1e6
    examiner.begin = lambda: None  # type: ignore[method-assign]  # nobody is to wait
    return examiner


def test_a_costly_score_is_made_seldom_and_a_cheap_one_every_few_seconds() -> None:
    clock = Clock()
    examiner = Examiner(clock)
    assert not examiner.is_due
    clock.seconds = LEAST_SECONDS
    assert examiner.is_due
    examiner.spent(0.01)  # the first, which also made the baseline
    examiner.spent(0.01)
    clock.seconds += LEAST_SECONDS - 0.01
    assert not examiner.is_due
    clock.seconds += 0.02
    assert examiner.is_due
    examiner.spent(1.0)
    clock.seconds += 0.99 / SHARE
    assert not examiner.is_due
    clock.seconds += 0.02 / SHARE
    assert examiner.is_due


def test_examples_are_listed_and_answered_with_their_pictures() -> None:
    run = small("digits")
    examples = run.task.examples("held-out")[:3]
    events, _ = worked(run, c.ListExamples("held-out"), c.Ask(tuple(examples)))
    listed, replied = only(events, e.Listed), only(events, e.Replied)
    assert isinstance(listed, e.Listed)
    assert isinstance(replied, e.Replied)
    assert listed.examples[:3] == tuple(examples)
    for reply in replied.replies:
        assert reply.said == run.answer(reply.example)
        assert reply.is_right == (reply.said == reply.example.answer)
        assert reply.picture is not None
        assert reply.picture.shape[2] == 3


@pytest.mark.parametrize(
    ("task", "answer", "said", "expected"),
    [
        ("sentiment", "positive", "negative", (0, 1)),
        ("parity", "odd even odd", "odd odd odd", (2, 3)),
        ("sine", "0.1", "0.1", (0, 0)),
        ("digits", "", "7", (0, 0)),
    ],
)
def test_an_answer_is_right_as_a_whole_or_step_by_step(
    task: str, answer: str, said: str, expected: tuple[int, int]
) -> None:
    assert agreement(get_task(task), answer, said) == expected


@pytest.mark.parametrize(
    ("task", "own"),
    [
        ("sentiment", "not good"),
        ("translation", "the fourth of may nineteen eighty two"),
        ("captioning", np.full((40, 60, 3), 200, np.uint8)),
        ("digits", np.full((40, 60, 3), 255, np.uint8)),
    ],
)
def test_own_input_is_answered_and_stays_on_the_stage(task: str, own: str | np.ndarray) -> None:
    run = small(task)
    events, trace = worked(run, c.Try(own), c.Start(2))
    tried = only(events, e.Tried)
    assert isinstance(tried, e.Tried)
    assert trace is not None
    assert trace.iteration == 2
    assert trace.batch_size == 1
    assert "dL_dh_l0" not in trace.arrays  # nobody knows the truth: there is nothing to send back
    assert run.answer(tried.batch)


def test_what_cannot_be_read_is_one_sentence_and_what_was_watched_stays() -> None:
    run = small("sentiment")
    example = run.task.examples("train")[3]
    events, trace = worked(
        run, c.Watch(example), c.Try("   "), c.Try(np.zeros((4, 4, 3), np.uint8)), c.Pause()
    )
    assert [type(event) for event in events] == [e.Failed, e.Failed, e.Paused]
    assert trace is not None
    assert trace.batch_size == 1


@pytest.mark.parametrize("task", ["captioning", "translation"])
def test_greedy_drawn_and_beam_answers_stand_side_by_side(task: str) -> None:
    run = small(task)
    example = run.task.examples("held-out")[0]
    events, _ = worked(run, c.Watch(example), c.Decode(temperature=0.7, width=3, seed=1))
    decoded = only(events, e.Decoded)
    assert isinstance(decoded, e.Decoded)
    assert decoded.title == example.title
    assert decoded.answer == example.answer
    greedy, *_, first, second, third = decoded.written
    assert greedy.method == "greedy"
    assert greedy.text == run.answer(example)
    assert first.log_prob >= second.log_prob >= third.log_prob
    assert first.log_prob >= greedy.log_prob - 1e-6
    assert all(w.log_prob < 0 and w.steps >= 1 for w in decoded.written)


def test_ln_p_of_the_greedy_answer_is_that_of_its_words() -> None:
    run = small("translation")
    example = run.task.examples("held-out")[1]
    events, _ = worked(run, c.Watch(example), c.Decode())
    decoded = only(events, e.Decoded)
    assert isinstance(decoded, e.Decoded)
    batch = run.task.answered(run.net, run.task.example_batch(example))
    logits = run.net.outputs(batch)[:, 0].astype(np.float64)
    best = logits.max(axis=1) - np.log(np.exp(logits).sum(axis=1))
    assert decoded.written[0].log_prob == pytest.approx(best.sum(), abs=1e-4)


def test_a_task_that_classifies_has_nothing_to_decode() -> None:
    events, _ = worked(small("digits"), c.Decode())
    failed = only(events, e.Failed)
    assert isinstance(failed, e.Failed)
    assert "word by word" in failed.message


def test_an_example_is_watched_while_training_goes_on() -> None:
    run = hello()
    example = run.task.examples("train")[0]
    _, trace = worked(run, c.Watch(example), c.Start(3))
    assert trace is not None
    assert trace.iteration == 3
    assert same(run, hello().train(3))


def test_a_batch_can_be_watched_too() -> None:
    run = hello()
    batch: Batch = run.task.parse("hell")
    _, trace = worked(run, c.Watch(batch), c.Pause())
    assert trace is not None
    assert trace.columns == 3


def test_reading_a_picture_without_eyes_is_refused() -> None:
    with pytest.raises(UserError, match="pictures"):
        get_task("sentiment").parse_picture(np.zeros((4, 4, 3), np.uint8))
