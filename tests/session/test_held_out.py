"""What a run reached on held-out data travels with it."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from rnnviz.cli.main import main
from rnnviz.session.files import load_run
from rnnviz.session.held_out import HeldOut, HeldOutPoint
from rnnviz.trace import UserError
from rnnviz.trace.archive import read_archive, write_archive
from tests.session.runs import small


def test_the_held_out_loss_of_an_untrained_classifier_is_near_that_of_guessing() -> None:
    run = small("digits")
    score, loss = run.examine()
    assert loss is not None
    assert 0.5 * np.log(10) < loss < 2.0 * np.log(10)
    assert run.held_out.points == (HeldOutPoint(0, loss, score.value),)


def test_the_held_out_loss_of_a_text_counts_the_characters_of_a_window() -> None:
    run = small("text")
    score, loss = run.examine()
    assert loss is not None
    assert loss == pytest.approx(np.log(score.value) * run.plan.training.window, rel=0.05)


def test_points_after_the_present_iteration_go_when_a_new_branch_begins() -> None:
    run = small("parity")
    for _ in range(3):
        run.train(5)
        run.examine()
    run.travel(7)
    assert len(run.held_out.points) == 3  # what comes later can still be travelled to
    run.step()
    assert [p.iteration for p in run.held_out.points] == [5]
    run.reset()
    assert run.held_out.points == ()


def test_points_are_kept_in_the_run_file_and_stop_at_the_present(tmp_path: Path) -> None:
    run = small("parity")
    for _ in range(2):
        run.train(5)
        run.examine()
    file = tmp_path / "run.rnnviz"
    run.save(file)
    assert load_run(file).held_out.points == run.held_out.points
    run.travel(6)
    run.save(file)
    assert load_run(file).held_out.points == run.held_out.points[:1]


def test_damaged_points_are_refused() -> None:
    with pytest.raises(ValueError, match="held-out"):
        HeldOut.from_array(np.zeros((2, 2)), None)


def test_a_point_replaces_the_one_of_its_iteration() -> None:
    points, score = HeldOut(), small("parity").evaluate()
    points.add(HeldOutPoint(4, 1.0, 0.5), score)
    points.add(HeldOutPoint(2, float("nan"), 0.4), score)
    points.add(HeldOutPoint(4, 2.0, 0.6), score)
    assert [p.value for p in points.points] == [0.4, 0.6]
    assert points.losses == ((4, 2.0),)


def test_a_run_file_says_what_the_score_was_and_how_it_was_measured(tmp_path: Path) -> None:
    run = small("parity").train(5)
    score, _ = run.examine()
    run.save(tmp_path / "run.rnnviz")
    opened = load_run(tmp_path / "run.rnnviz")
    assert opened.held_out.score == score
    assert opened.branch().held_out.score == score
    opened.save(tmp_path / "again.rnnviz")
    assert (tmp_path / "again.rnnviz").read_bytes() == (tmp_path / "run.rnnviz").read_bytes()


def test_a_run_file_from_before_the_score_was_kept_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "run.rnnviz"
    run = small("parity").train(5)
    run.examine()
    run.save(path)
    archive = read_archive(path)
    older = {name: value for name, value in archive.meta.items() if name != "score"}
    write_archive(path, archive.arrays, older)
    opened = load_run(path)
    assert opened.held_out.points == run.held_out.points
    assert opened.held_out.score is None


def test_a_score_that_was_edited_is_told_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "run.rnnviz"
    run = small("parity")
    run.examine()
    run.save(path)
    archive = read_archive(path)
    score = archive.meta["score"]
    assert isinstance(score, dict)
    for change in ({"value": "best"}, {"metric": "beauty"}, {"n": None}):
        write_archive(path, archive.arrays, archive.meta | {"score": score | change})
        with pytest.raises(UserError, match=rf"score\.{next(iter(change))}"):
            load_run(path)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_score_without_bounds_goes_through_a_file(tmp_path: Path, value: float) -> None:
    run = small("parity")
    score = dataclasses.replace(run.evaluate(), value=value)
    run.held_out.add(HeldOutPoint(0, value, value), score)
    run.save(tmp_path / "run.rnnviz")
    found = load_run(tmp_path / "run.rnnviz").held_out.score
    assert found is not None
    assert str(found.value) == str(value)


def test_the_command_keeps_the_score_that_it_prints_in_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", "hello", "--iterations", "3", "-o", "scored.rnnviz"]) == 0
    assert [p.iteration for p in load_run("scored.rnnviz").held_out.points] == [3]
    quick = ["train", "hello", "--iterations", "3", "--no-evaluation", "-o", "quick.rnnviz"]
    assert main(quick) == 0
    assert load_run("quick.rnnviz").held_out.score is None
