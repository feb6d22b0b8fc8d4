"""What stays and what changes when another pass comes on the stage."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject

from rnnviz.app.stage_model import StageModel
from rnnviz.scene.theme import DARK, LIGHT
from rnnviz.session.config import ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.run import Run


@pytest.fixture
def parent() -> QObject:
    return QObject()


@pytest.fixture
def model(parent: QObject) -> StageModel:
    return StageModel(LIGHT, 100.0, 400.0, parent)


@pytest.fixture
def run() -> Run:
    return Run.create(RunConfig(task="hello"))


def test_the_first_pass_is_shown_whole(model: StageModel, run: Run) -> None:
    model.show_trace(run.trace())
    assert model.at_end


def test_the_cursor_stays_on_its_operation_when_the_next_iteration_comes(
    model: StageModel, run: Run
) -> None:
    model.show_trace(run.traced_step())
    model.seek(6.0)
    model.show_trace(run.traced_step())
    assert model.position == 6.0
    assert model.state is not None
    assert model.state.trace.iteration == 2


def test_the_cursor_stays_when_training_pauses_and_the_pass_has_no_update(
    model: StageModel, run: Run
) -> None:
    model.show_trace(run.traced_step())
    model.seek(6.0)
    model.show_trace(run.trace())
    assert model.position == 6.0
    assert model.state is not None
    assert model.state.trace.update is None


def test_details_stay_with_a_chosen_node_until_the_cursor_goes_on(
    model: StageModel, run: Run
) -> None:
    def chosen() -> str:
        assert model.state is not None
        return model.state.selected

    model.show_trace(run.trace())
    model.seek(3.0)
    model.select("h_l0@2")
    model.show_trace(run.trace())
    model.seek_column(2)
    assert chosen() == "h_l0@2"
    model.seek(model.position - 1)
    assert chosen() == ""
    model.select("h_l0@2")
    model.drag_to_column(1)
    assert chosen() == ""
    model.select("h_l0@2")
    model.seek(1e9)
    assert chosen() == "h_l0@2"


def test_who_watches_whole_passes_goes_on_doing_so(model: StageModel, run: Run) -> None:
    model.show_trace(run.trace())
    model.show_trace(run.traced_step())
    assert model.at_end


def test_zoom_and_selection_survive_the_next_pass_but_not_another_model(
    model: StageModel, run: Run
) -> None:
    model.show_trace(run.trace())
    model.zoom(2.0, 100.0)
    model.select("h_l0@1")
    model.show_trace(run.traced_step())
    assert model.state is not None
    assert model.state.selected == "h_l0@1"
    assert not model.state.axis.fits
    other = Run.create(RunConfig(task="hello", model=ModelOptions(cell="gru")))
    model.show_trace(other.trace())
    assert model.state.selected == ""
    assert model.state.axis.fits


def test_another_theme_reaches_the_pass_on_the_stage(model: StageModel, run: Run) -> None:
    model.show_trace(run.trace())
    model.set_theme(DARK)
    assert model.state is not None
    assert model.state.theme is DARK


def test_a_move_is_told_once(model: StageModel, run: Run) -> None:
    model.show_trace(run.trace())
    told = []
    model.changed.connect(lambda: told.append(model.position))
    model.seek(3.0)
    model.hover("x@0")
    model.hover("x@0")
    assert len(told) == 2


def test_a_row_beyond_the_batch_is_the_last_one(model: StageModel, run: Run) -> None:
    model.show_trace(replace(run.trace(), title="one row"))
    model.choose_row(99)
    assert model.state is not None
    assert model.state.row == 0


def test_the_axis_follows_a_jump_within_a_column_but_not_the_way_of_one_value(
    model: StageModel,
) -> None:
    text = RunConfig(task="text", training=TrainingOptions(window=60))
    model.show_trace(Run.create(text).trace())
    state = model.state
    assert state is not None
    model.zoom(8.0, 400.0)
    model.scroll(100.0)
    assert model.state is not None
    assert model.state.axis.first > 1, "the end of the backward pass, at step 1, is out of sight"
    model.seek(0.0)
    assert 0 in model.state.axis.visible
    model.scroll(100.0)
    away = model.state.axis.first
    model.seek(0.4)
    assert model.state.axis.first == away


def test_the_cursor_that_is_dragged_stays_in_its_sweep_of_a_two_way_network(
    model: StageModel,
) -> None:
    config = RunConfig(task="hello", model=ModelOptions(bidirectional=True, layers=2))
    model.show_trace(Run.create(config).trace())
    assert model.state is not None
    model.drag_to_column(2)
    operation = model.state.cursor.operation
    assert (operation.phase, operation.column, operation.layer) == ("backward", 2, "l0")
    for phase, layer in (("backward", "l1_reverse"), ("forward", "l0_reverse")):
        model.seek_column(3, layer)
        index = model.state.timeline.index_of(phase, 3, "state", layer)
        model.seek(index + 1.0)
        model.drag_to_column(1)
        operation = model.state.cursor.operation
        assert (operation.phase, operation.column, operation.layer) == (phase, 1, layer)
