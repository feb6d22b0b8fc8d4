"""What is read or written beside training goes on from where training stands."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.engine import State
from rnnviz.session import ModelOptions, Run, RunConfig, TrainingOptions
from rnnviz.session.files import load_run
from tests.session.runs import TEXT, hello, text_run


def two_minded(folder: Path, mood: float) -> Run:
    """A network that stays in the mood that it is in, trained in one of them; in its start state it
    is in neither. In a good mood it finds the commonest character likeliest, in a bad one never."""
    run = text_run(folder)
    run.train(3)
    params = run.net.params
    for name in params:
        params[name][...] = 0.0
    params["W_hh_l0"][...] = np.eye(6) * 5.0
    params["W_hy"][0] = 2.0  # the space
    carried = run.trainer.state_to_read_in(3)
    assert carried is not None
    run.trainer._carried = State({"h_l0": np.full_like(carried["h_l0"], mood)})
    return run


def test_a_text_is_scored_in_the_state_that_training_stands_in(tmp_path: Path) -> None:
    good, bad = two_minded(tmp_path, 0.5), two_minded(tmp_path, -0.5)
    neither = good.task.evaluate(good.net).value
    values = [run.evaluate().value for run in (good, bad)]
    assert neither == pytest.approx(len(good.task.labels(good.batch_of("a b")).symbols))
    assert abs(values[0] - values[1]) > 1.0
    losses = [run.examine()[1] for run in (good, bad)]
    assert losses[0] != losses[1]


def test_a_sample_goes_on_in_the_state_that_training_stands_in(tmp_path: Path) -> None:
    good, bad = two_minded(tmp_path, 0.5), two_minded(tmp_path, -0.5)
    written = good.sample("fox", 30, 1.0, seed=1)
    assert np.all(written["h0_l0"] == np.float32(0.5))
    assert set(good.sampled_text(written)) == {" "}
    assert " " not in bad.sampled_text(bad.sample("fox", 30, 1.0, seed=1))
    assert set(good.sampled_text(good.sample("fox", 5, beam=2))) == {" "}


def test_examples_and_typed_texts_are_read_in_it_too(tmp_path: Path) -> None:
    run = two_minded(tmp_path, 0.5)
    example = run.task.examples("train")[0]
    assert np.all(run.trace(example)["h0_l0"] == np.float32(0.5))
    assert np.all(run.trace("the fox")["h0_l0"] == np.float32(0.5))
    assert set(run.answer("the fox")) == {" "}


def test_a_network_in_both_directions_reads_examples_longer_than_a_window(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text("the cat sat on the mat. " * 40)
    model = ModelOptions(hidden_size=4, bidirectional=True)
    training = TrainingOptions(window=7)
    run = Run.create(RunConfig(task=str(tmp_path / "book.txt"), model=model, training=training))
    read = run.train(2).trace(run.task.examples("train")[0])
    assert read.columns > 7
    assert read["cuts"].tolist() == [0], "the state of training comes before it, and nothing else"


def test_a_run_whose_data_are_gone_shows_the_next_pass_as_it_would_be_made(tmp_path: Path) -> None:
    (tmp_path / "fox.txt").write_text("".join(sorted(TEXT)) + TEXT)
    run = text_run(tmp_path).train(4)
    upcoming = run.trace()
    assert np.ptp(upcoming["h0_l0"], axis=0).any(), "each sequence stands somewhere else"
    run.save(tmp_path / "run.rnnviz")
    (tmp_path / "fox.txt").unlink()
    opened = load_run(tmp_path / "run.rnnviz")
    assert opened.data_problem is not None
    for shown in (opened.trace(), opened.trace(opened.task.examples("train")[0])):
        np.testing.assert_array_equal(shown["h0_l0"], upcoming["h0_l0"])
        assert shown["loss_total"] == upcoming["loss_total"]


def test_a_run_that_was_opened_or_travelled_back_writes_as_it_did(tmp_path: Path) -> None:
    run = text_run(tmp_path)
    run.train(9)
    written = run.sampled_text(run.sample("fox", 40))
    run.save(tmp_path / "run.rnnviz")
    opened = load_run(tmp_path / "run.rnnviz")
    assert opened.sampled_text(opened.sample("fox", 40)) == written
    run.train(5)
    run.travel(9)
    assert run.sampled_text(run.sample("fox", 40)) == written


def test_reading_beside_training_changes_nothing_of_it(tmp_path: Path) -> None:
    run, undisturbed = text_run(tmp_path), text_run(tmp_path)
    for _ in range(4):
        run.train(2)
        run.evaluate()
        run.sample("fox", 10)
        run.answer("the fox")
    undisturbed.train(8)
    assert run.step().loss == undisturbed.step().loss


def test_where_windows_do_not_follow_one_another_everything_begins_at_the_beginning() -> None:
    run = hello()
    run.train(5)
    assert run.trainer.state_to_read_in() is None
    assert not run.sample("h", 4)["h0_l0"].any()
