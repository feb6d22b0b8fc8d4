import sys
import threading
from itertools import count
from types import FrameType
from typing import Any

from rnnviz.session.mailbox import Mailbox


def test_a_mailbox_hands_over_the_newest_item_and_counts_the_dropped() -> None:
    mailbox: Mailbox[int] = Mailbox()
    for item in (1, 2, 3):
        mailbox.put(item)
    assert mailbox.take() == 3
    assert mailbox.take() is None
    assert (mailbox.delivered, mailbox.dropped) == (3, 2)


def test_taking_an_item_asks_for_the_next() -> None:
    mailbox: Mailbox[int] = Mailbox()
    assert mailbox.wanted
    mailbox.put(1)
    assert not mailbox.wanted
    mailbox.take()
    assert mailbox.wanted


def test_an_empty_mailbox_asks_for_nothing_by_itself() -> None:
    mailbox: Mailbox[int] = Mailbox(wanted=False)
    assert mailbox.take() is None
    assert not mailbox.wanted
    mailbox.ask()
    assert mailbox.wanted


def test_two_threads_never_get_stuck_and_items_arrive_in_order() -> None:
    mailbox: Mailbox[int] = Mailbox()
    taken: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            item = mailbox.take()
            if item is not None:
                taken.append(item)

    reader = threading.Thread(target=read)
    reader.start()
    item = 0
    while len(taken) < 20:
        if mailbox.wanted:
            item += 1
            mailbox.put(item)
    done.set()
    reader.join()
    assert taken == sorted(set(taken))


def test_what_is_laid_in_while_an_older_item_is_taken_is_not_lost() -> None:
    """After a pause nothing follows: where the last pass is lost, the views stay behind."""
    for instant in count():
        mailbox: Mailbox[str] = Mailbox()
        mailbox.put("older")
        first, was_interrupted = taken_while_another_puts(mailbox, instant)
        if not was_interrupted:
            break
        assert "newest" in (first, mailbox.take()), f"lost at instruction {instant}"
    assert instant > 5


def taken_while_another_puts(mailbox: Mailbox[str], instant: int) -> tuple[str | None, bool]:
    """What is taken while the other thread has its turn before that instruction of taking, and
    whether taking has so many instructions."""
    passed, has_put = count(), False

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal has_put
        if frame.f_code is not Mailbox.take.__code__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and next(passed) == instant:
            has_put = True
            mailbox.put("newest")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        taken = mailbox.take()
    finally:
        sys.settrace(before)
    return taken, has_put
