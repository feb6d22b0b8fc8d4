"""What the window says of what the worker has done."""

from pathlib import Path

from rnnviz.app.training_notes import note_of
from rnnviz.session import commands as c
from rnnviz.session import events as e
from tests.session.runs import hello


def test_what_was_asked_by_hand_and_has_to_wait_for_training_is_not_put_off_in_silence() -> None:
    assert note_of(e.PutOff(c.Sample("h", 50))) == (
        "The sample takes long and waits until training rests."
    )
    assert not note_of(e.PutOff(c.Ask(()))), "nobody has asked for it by hand"


def test_a_run_that_is_saved_on_the_way_is_no_news() -> None:
    path, run = Path("run.rnnviz"), hello()
    assert note_of(e.Saved(path, run, 3)) == "Saved the run as run.rnnviz"
    assert not note_of(e.Saved(path, run, 3, quietly=True))
