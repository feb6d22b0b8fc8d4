"""What a model writes, answers and scores, by command."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import Cli, result


def test_sample_prints_what_the_model_writes(cli: Cli, run_file: str) -> None:
    code, out, _ = cli("sample", run_file, "--prompt", "h", "--length", "4", "--temperature", "0")
    assert (code, out) == (0, ["hello"])
    code, out, _ = cli(
        "sample", run_file, "--prompt", "h", "--length", "4", "--json", "-o", "s.npz"
    )
    assert len(str(result(out)["text"])) == 4
    assert np.load("s.npz")["sampled"].shape == (4, 1)


def test_a_sample_of_a_run_is_drawn_anew_with_another_seed(cli: Cli, tmp_path: Path) -> None:
    cli("train", "hello", "--iterations", "3", "-o", "run.rnnviz")
    one, same, other, named = (
        cli("sample", "run.rnnviz", "--length", "40", *seed)[1]
        for seed in ((), ("--seed", "0"), ("--seed", "5"), ("--sample-seed", "5"))
    )
    assert one == same
    assert one != other
    assert other == named
    drawn = []
    for seed in ("0", "5"):
        cli("trace", "run.rnnviz", "--sample", "40", "--text", "h", "--seed", seed, "-o", "s.npz")
        drawn.append(np.load("s.npz")["sampled"])
    assert not np.array_equal(*drawn)


def test_answers_in_words_are_decoded_as_asked(cli: Cli) -> None:
    options = ("--iterations", "5", "--hidden-size", "4", "--no-evaluation")
    cli("train", "translation", *options, "-o", "run.rnnviz")
    asked = ("sample", "run.rnnviz", "--prompt", "third of may twenty twenty")
    plain, greedy, narrow = (
        cli(*asked, *way)[1] for way in ((), ("--temperature", "0"), ("--beam", "1"))
    )
    assert plain == greedy == narrow
    drawn = {tuple(cli(*asked, "--temperature", "2", "--seed", str(n))[1]) for n in range(4)}
    assert len(drawn) > 1
    assert cli(*asked, "--beam", "3")[0] == 0


@pytest.mark.parametrize("option", ["--beam", "--top-k", "--length"])
def test_answers_of_one_class_are_not_decoded(cli: Cli, option: str) -> None:
    asked = ("sample", "sentiment", "--hidden-size", "3", "--prompt", "the acting was bad")
    code, _, err = cli(*asked, option, "3")
    assert code == 2
    assert f"leave out {option}" in err[0]


def test_evaluate_reports_the_score(cli: Cli, run_file: str) -> None:
    code, out, _ = cli("evaluate", run_file, "--json")
    assert (code, result(out)["value"]) == (0, 1.0)
    assert "accuracy 1" in cli("evaluate", run_file)[1][-1]


def test_a_score_on_one_character_is_told_of_one(cli: Cli) -> None:
    Path("two.txt").write_text("ab")
    _, lines, _ = cli("train", "two.txt", "--iterations", "1")
    assert " on 1 character of " in lines[-1]
    _, lines, _ = cli("evaluate", "hello")
    assert " on 4 characters of " in lines[-1]
