"""The trainer rests while somebody draws, and never for good."""

from queue import SimpleQueue
from threading import Thread
from time import monotonic, sleep

from rnnviz.session import Run, RunConfig
from rnnviz.session import commands as c
from rnnviz.session.gate import Gate
from rnnviz.session.loop import TrainingLoop
from rnnviz.session.mailbox import Mailbox
from rnnviz.trace import Trace


def test_an_open_gate_holds_nobody() -> None:
    gate = Gate()
    gate.close()
    gate.open()
    begun = monotonic()
    gate.wait()
    assert not gate.is_closed
    assert monotonic() - begun < 0.2


def test_a_gate_that_stays_closed_holds_the_trainer_only_for_a_moment() -> None:
    gate = Gate()
    gate.close()
    gate.wait()
    assert gate.is_closed


def test_who_draws_waits_for_the_trainer_to_rest_but_not_for_one_who_does_not() -> None:
    gate = Gate()
    gate.close()
    assert not gate.let_finish(0.001)
    trainer = Thread(target=gate.wait)
    trainer.start()
    assert gate.let_finish(20.0)
    gate.open()
    trainer.join()
    gate.close()
    assert not gate.let_finish(0.001), "it has gone on since"


def test_training_stands_still_while_the_gate_is_closed_and_goes_on_when_it_opens() -> None:
    run = Run.create(RunConfig(task="hello"))
    commands: SimpleQueue[c.Command] = SimpleQueue()
    mailbox: Mailbox[Trace] = Mailbox()
    loop = TrainingLoop(run, mailbox, commands, lambda event: None)
    thread = Thread(target=loop.work)
    thread.start()
    try:
        commands.put(c.Start())
        while run.iteration < 10:
            sleep(0.001)
        loop.gate.close()
        assert loop.gate.let_finish(20.0)
        stood = run.iteration
        sleep(0.1)
        assert run.iteration == stood
        loop.gate.open()
        end = monotonic() + 20
        while run.iteration < stood + 50:
            assert monotonic() < end
            sleep(0.001)
    finally:
        loop.gate.open()
        commands.put(c.Shutdown())
        thread.join()


def test_it_is_open_only_when_nobody_holds_it() -> None:
    gate = Gate()
    gate.close()
    gate.close("laboratory")
    gate.open()
    assert gate.is_closed
    gate.open("laboratory")
    assert not gate.is_closed
    gate.open("laboratory")
    gate.close()
    assert gate.is_closed, "who lets go twice lets nobody else in"
