import os
from pathlib import Path

import numpy as np
import pytest

from rnnviz.session import ModelOptions, Run, RunConfig, load
from rnnviz.trace import UserError
from rnnviz.trace.archive import read_archive
from rnnviz.trace.history import History
from rnnviz.trace.history_rows import STANDS
from rnnviz.trace.thinning import thin_rows
from tests.session.runs import BOOK, fingerprint, hello, same, text_run


@pytest.mark.parametrize(("cell", "dropout"), [("rnn", 0.0), ("rnn", 0.3)])
def test_a_run_saved_and_continued_equals_one_that_never_stopped(
    tmp_path: Path, cell: str, dropout: float
) -> None:
    whole = text_run(tmp_path, cell=cell, dropout=dropout).train(60)
    half = text_run(tmp_path, cell=cell, dropout=dropout).train(35)
    half.set_learning_rate(half.learning_rate)
    half.save(tmp_path / "half.rnnviz")
    opened = load(tmp_path / "half.rnnviz")
    assert opened.data_problem is None
    assert same(opened, half)
    assert same(opened.train(25), whole)


def test_a_run_file_is_the_same_after_loading_and_saving_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.rnnviz", tmp_path / "b.rnnviz"
    hello().train(50).save(first)
    load(first).save(second)
    assert first.read_bytes() == second.read_bytes()


def test_a_loaded_run_travels_to_any_earlier_iteration(tmp_path: Path) -> None:
    run = hello().train(20)
    run.set_learning_rate(0.4)
    run.train(100).save(tmp_path / "run.rnnviz")
    opened = load(tmp_path / "run.rnnviz")
    for place in (0, 15, 20, 77, 120):
        opened.travel(place)
        run.travel(place)
        assert np.array_equal(opened.net.params.flat, run.net.params.flat)
        assert opened.learning_rate == run.learning_rate


def test_saving_in_the_past_leaves_the_future_out(tmp_path: Path) -> None:
    run = hello().train(60)
    run.travel(40)
    run.save(tmp_path / "run.rnnviz")
    opened = load(tmp_path / "run.rnnviz")
    assert opened.iteration == opened.furthest == len(opened.history) == 40
    assert same(opened, hello().train(40))


def test_the_weights_in_a_run_file_are_plain_arrays(tmp_path: Path) -> None:
    run = hello().train(5)
    run.save(tmp_path / "run.rnnviz")
    arrays = read_archive(tmp_path / "run.rnnviz").arrays
    np.testing.assert_array_equal(arrays["W_hh_l0"], run.net.params["W_hh_l0"])
    assert arrays["history"].shape == (5, 8)


def test_what_the_rows_of_a_thinned_history_stand_for_is_kept_in_file_and_branch(
    tmp_path: Path,
) -> None:
    run = hello().train(6)
    losses = run.history.column("loss")
    run.history = History.from_array(thin_rows(run.history.to_array(), STANDS))
    assert len(run.history) == 4
    run.save(tmp_path / "run.rnnviz")
    for other in (load(tmp_path / "run.rnnviz"), run.branch()):
        np.testing.assert_array_equal(other.history.to_array(), run.history.to_array())
        assert other.history.recent_loss(6, 1).low == pytest.approx(losses.mean())
    arrays = read_archive(tmp_path / "run.rnnviz").arrays
    assert arrays["history"].shape == (4, 8)


@pytest.mark.parametrize("what", ["missing", "changed"])
def test_a_run_whose_text_is_gone_can_be_looked_at_but_not_trained(
    tmp_path: Path, what: str
) -> None:
    run = text_run(tmp_path).train(20)
    run.save(tmp_path / "run.rnnviz")
    shown = run.trace()
    text = tmp_path / "fox.txt"
    if what == "missing":
        text.unlink()
    else:
        text.write_text(text.read_text()[:-1] + "!")
    opened = load(tmp_path / "run.rnnviz")
    assert opened.data_problem is not None
    assert "not trained on" in opened.data_problem
    assert "fox.txt" in opened.data_problem
    assert what == "missing" or "train anew" in opened.data_problem
    np.testing.assert_array_equal(opened.trace()["logits"].shape, shown["logits"].shape)
    assert opened.trace().labels.inputs == shown.labels.inputs
    assert opened.sampled_text(opened.sample("the ", 5, 0)) == run.sampled_text(
        run.sample("the ", 5, 0)
    )
    np.testing.assert_array_equal(opened.trace("the dog")["h_l0"], run.trace("the dog")["h_l0"])
    for action in (opened.step, opened.traced_step, opened.evaluate, lambda: opened.travel(7)):
        with pytest.raises(UserError, match="not trained on"):
            action()
    opened.travel(0)


def test_a_run_without_its_text_can_be_saved_again(tmp_path: Path) -> None:
    text_run(tmp_path).train(20).save(tmp_path / "a.rnnviz")
    content = (tmp_path / "fox.txt").read_text()
    (tmp_path / "fox.txt").unlink()
    load(tmp_path / "a.rnnviz").save(tmp_path / "b.rnnviz")
    (tmp_path / "fox.txt").write_text(content)
    again = load(tmp_path / "b.rnnviz")
    assert again.data_problem is None
    assert same(again.train(5), text_run(tmp_path).train(25))


def test_a_failed_save_leaves_the_old_file_and_the_run_untouched(tmp_path: Path) -> None:
    run = hello().train(5)
    before = fingerprint(run)
    with pytest.raises(UserError, match="folder"):
        run.save(tmp_path / "none" / "run.rnnviz")
    assert fingerprint(run) == before
    assert os.listdir(tmp_path) == []


def test_a_jordan_network_carries_its_output_through_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("book.txt").write_text(BOOK)
    config = RunConfig(task="book.txt", model=ModelOptions(cell="jordan", hidden_size=3))
    whole, half = Run.create(config).train(7), Run.create(config).train(4)
    half.save("r.rnnviz")
    assert same(load("r.rnnviz").train(3), whole)
