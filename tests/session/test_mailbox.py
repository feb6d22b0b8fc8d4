import threading

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
