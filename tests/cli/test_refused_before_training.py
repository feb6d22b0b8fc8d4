"""What cannot be done with a pass is told before training for it, and nothing else is."""

from __future__ import annotations

import pytest

from rnnviz.session.config import RunConfig, TrainingOptions
from rnnviz.session.run import Run
from tests.cli.command_line import Cli

SLIPS = {
    "layer": (["--what", "jacobians", "--layer", "l9"], "no layer 'l9'"),
    "layer of an own figure": (["--what", "history", "--layer", "l9"], "no layer 'l9'"),
    "row": (["--what", "contributions", "--row", "7"], "row 7"),
    "unit": (["--what", "activity", "--unit", "9"], "unit 9"),
    "state": (["--what", "trajectory", "--state", "c"], "c"),
    "part": (["--what", "contributions", "--part", "c"], "c"),
    "origin": (["--what", "jacobians", "--origin", "4"], "not 4"),
    "range": (["--what", "matches", "--start", "2", "--stop", "9"], "range 2 to 9"),
    "edited unit": (["--what", "what-if", "--edit", "h_l0[9]=off"], "9"),
    "edited name": (["--what", "what-if", "--edit", "c_l0[1]=off"], "c_l0"),
    "compared step": (["--what", "what-if", "--compare", "a: h_l0[1]@9=0"], "9"),
    "surplus": (["--what", "gradients", "--unit", "1"], "takes no --unit"),
    "every": (["--what", "history", "--every", "0"], "--every is 0"),
    "steps": (["--what", "by-hand", "--steps", "0"], "--steps is 0"),
    "clip": (["--what", "by-hand", "--clip", "-1"], "--clip is -1"),
    "each": (["--what", "cells", "--each", "-1"], "--each is -1"),
    "surplus of clipping": (["--what", "clipping", "--unit", "1"], "clipping takes no --unit"),
}


def _trained(self: Run) -> None:
    raise AssertionError("training began")


@pytest.mark.parametrize("kind", ["npz", "svg"])
@pytest.mark.parametrize("slip", SLIPS)
def test_an_analysis_that_cannot_be_had_is_refused_before_training(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, slip: str, kind: str
) -> None:
    options, words = SLIPS[slip]

    monkeypatch.setattr(Run, "step", _trained)
    code, _, err = cli("analyze", "hello", *options, "--iterations", "9", "-o", f"x.{kind}")
    assert (code, len(err)) == (2, 1)
    assert words in err[0]


@pytest.mark.parametrize(
    "options",
    [
        ["--what", "what-if", "--edit", "h_l0[1]@15=0.5"],
        ["--what", "matches", "--start", "10", "--stop", "12", "--threshold", "0.001"],
    ],
)
def test_a_step_late_in_a_sample_is_there_after_training_too(cli: Cli, options: list[str]) -> None:
    asked = ["--sample", "20", "--iterations", "3", "-o", "x.npz"]
    assert cli("analyze", "hello", *options, *asked)[0] == 0


def test_a_late_step_of_a_sample_can_be_drawn_after_training(cli: Cli) -> None:
    asked = ["--iterations", "2", "--sample", "20", "--step", "15", "--view", "graph"]
    assert cli("render", "hello", *asked, "-o", "x.svg")[0] == 0


def test_units_that_are_on_only_after_training_are_no_slip(cli: Cli) -> None:
    flat = ["analyze", "hello", "--scheme", "normal", "--inputs", "normal", "--std", "0.001"]
    asked = ["--what", "matches", "--start", "1", "--stop", "3", "-o", "x.npz"]
    code, _, err = cli(*flat, *asked)
    assert (code, "no unit is on" in err[-1]) == (2, True)
    assert cli(*flat, *asked, "--iterations", "500")[0] == 0


def test_a_step_that_only_a_later_batch_has_can_be_asked_for(cli: Cli) -> None:
    run = Run.create(RunConfig(task="sentiment"))
    first, ahead = run.trace().columns, 1
    while (longer := int(run.trainer.upcoming_batch(ahead).lengths[0])) <= first:
        ahead += 1
    asked = ["analyze", "sentiment", "--iterations", str(ahead), "--what", "what-if", "-o", "x.npz"]
    assert cli(*asked, "--edit", f"h_l0[1]@{longer}=0")[0] == 0
    code, _, err = cli(*asked, "--edit", f"h_l0[1]@{longer + 1}=0")
    assert (code, len(err)) == (2, 1)


@pytest.mark.parametrize("iterations", [3, 123_456])
def test_whether_a_step_is_there_is_told_of_the_batch_that_is_met_after_training(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, iterations: int
) -> None:
    stream = Run.create(RunConfig(task="sentiment", training=TrainingOptions(batch_size=1)))
    first = stream.trace().columns
    while (length := stream.trainer.upcoming_batch(iterations).steps) == first:
        iterations += 1
    monkeypatch.setattr(Run, "step", _trained)
    options = ["--batch-size", "1", "--iterations", str(iterations)]
    asked = ["render", "sentiment", *options, "--view", "graph", "-o", "x.svg"]
    with pytest.raises(AssertionError, match="training began"):
        cli(*asked, "--step", str(length))
    code, _, err = cli(*asked, "--step", str(length + 1))
    assert (code, err[-1]) == (
        2, f"rnnviz: error: --step is {length + 1}; this pass has the steps 1 to {length}",
    )  # fmt: skip
