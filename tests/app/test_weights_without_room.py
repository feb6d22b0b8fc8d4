"""Weights that find no room in memory leave nothing behind, whatever came after them."""

from typing import Any

import pytest

from rnnviz.session import loop
from rnnviz.session.footprint import NO_ROOM
from rnnviz.session.weight_change import rewrite
from tests.app.in_turns import InTurns
from tests.session.runs import fingerprint


@pytest.fixture(autouse=True)
def _no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(loop, "rewrite", fail)


def test_there_is_nothing_to_undo_or_redo_and_the_run_goes_on(turns: InTurns) -> None:
    first = turns.run
    turns.set_weight(0.75)
    turns.all()
    assert turns.said == [NO_ROOM]
    assert turns.desk.put is turns.run is first
    assert not turns.desk.undo_stack.canUndo()
    assert not turns.desk.undo_stack.canRedo()
    turns.desk.once()
    turns.all()
    assert first.iteration == 1


def test_so_it_is_where_they_had_been_taken_back_already(turns: InTurns) -> None:
    first = turns.run
    turns.set_weight(0.75)
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first
    assert not turns.desk.undo_stack.canRedo()


def test_what_was_changed_right_after_them_is_changed_of_the_run_before(turns: InTurns) -> None:
    first, before = turns.run, fingerprint(turns.run)
    turns.set_weight(0.75)
    turns.desk.change("learning_rate", 0.2)
    turns.all()
    assert turns.run is first
    assert first.learning_rate == turns.desk.learning_rate == 0.2
    while turns.desk.undo_stack.canUndo():
        turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first
    assert fingerprint(first) == before


def test_undo_of_another_model_chosen_after_them_leads_to_the_run_before(turns: InTurns) -> None:
    first = turns.run
    turns.set_weight(0.75)
    turns.desk.change("cell", "gru")
    turns.builder()
    turns.all()
    assert turns.run.spec.cell == "gru"
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first


def test_of_two_that_follow_one_another_the_one_with_room_stays(
    turns: InTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = turns.run
    turns.set_weight(0.5)
    turns.set_weight(0.75)
    with monkeypatch.context() as patch:
        patch.setattr(loop, "rewrite", rewrite)
        turns.worker()
    turns.all()
    assert turns.run is turns.desk.put
    assert turns.weight == 0.5
    assert len(turns.changes) == 1
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first


def test_one_step_of_undo_is_enough_over_a_change_that_was_given_up(turns: InTurns) -> None:
    first = turns.run
    turns.desk.change("learning_rate", 0.2)
    turns.set_weight(0.75)
    turns.desk.change("learning_rate", 0.3)
    turns.all()
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.changes == ["learning rate 0.2"]
    assert first.learning_rate == 0.2
    turns.desk.undo_stack.redo()
    turns.all()
    assert first.learning_rate == 0.3
