"""The laboratory's own figures from the command line: numbers against the engine, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rnnviz.analysis import Edit, what_if
from rnnviz.app.lab.own_figures import OPTIONS
from rnnviz.cli.main import main
from rnnviz.engine import Batch, Network
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import ModelSpec
from rnnviz.trace.files import save_trace

ASKED = {
    "history": ["--iterations", "12", "--every", "5"],
    "what-if": ["--edit", "h_l0[1]@2=0.9", "--edit", "h_l0[2]=off"],
    "by-hand": ["--sigma", "2", "--steps", "9"],
    "cells": ["--each", "3", "--loss", "all"],
    "clipping": ["--iterations", "8"],
    "activity": ["--unit", "2"],
}


def numbers(tmp_path: Path, *arguments: str) -> dict[str, np.ndarray]:
    path = tmp_path / "numbers.npz"
    assert main(["analyze", "hello", "-o", str(path), "--dtype", "float64", *arguments]) == 0
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize("what", OPTIONS)
@pytest.mark.parametrize("ending", ["csv", "svg"])
def test_every_figure_is_written_as_numbers_and_as_a_picture(
    tmp_path: Path, what: str, ending: str
) -> None:
    if ending == "svg":
        pytest.importorskip("PySide6")
    path = tmp_path / f"figure.{ending}"
    assert main(["analyze", "hello", "--what", what, "-o", str(path), *ASKED[what]]) == 0
    text = path.read_text(encoding="utf-8")
    assert text.count("<text" if ending == "svg" else "\n") > 3


def test_the_history_holds_the_norms_after_each_of_the_iterations(tmp_path: Path) -> None:
    found = numbers(tmp_path, "--what", "history", *ASKED["history"])
    assert found["iterations"].tolist() == [0, 5, 10]
    run = Run.create(RunConfig(task="hello", dtype="float64"))
    run.train(10)
    norms = np.linalg.norm(run.trace()["dL_dh_l0"][:, 0], axis=-1)
    np.testing.assert_allclose(10 ** found["log10_norm_dL_dh"][2], norms, rtol=1e-12)


def test_edits_from_the_command_line_are_those_of_the_analysis(tmp_path: Path) -> None:
    found = numbers(tmp_path, "--what", "what-if", *ASKED["what-if"])
    trace = Run.create(RunConfig(task="hello", dtype="float64")).trace()
    edits = [
        Edit(name="h_l0", step=1, index=(0,), value=0.9),
        Edit(name="h_l0", action="ablate", index=(1,)),
    ]
    changed = what_if(trace, edits)
    np.testing.assert_allclose(found["change_h"], changed.difference("h_l0")[:, 0])
    np.testing.assert_allclose(found["kl"], changed.kl()[:, 0])
    assert found["loss_after"] - found["loss_before"] == pytest.approx(changed.loss_change())


def test_sets_of_edits_are_compared_on_the_same_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = ["--compare", "off: h_l0[2]=off; h_l0[3]=off", "--compare", "W_hh_l0[1,2]=0.5"]
    found = numbers(tmp_path, "--what", "what-if", *sets)
    told = capsys.readouterr().out
    trace = Run.create(RunConfig(task="hello", dtype="float64")).trace()
    off = [Edit(name="h_l0", action="ablate", index=(unit,)) for unit in (1, 2)]
    weight = Edit(name="W_hh_l0", value=0.5, index=(0, 1))
    for number, edits in enumerate((off, [weight]), 1):
        changed = what_if(trace, edits)
        np.testing.assert_allclose(found[f"compared_{number}_kl"], changed.kl()[:, 0])
        difference = changed.difference("h_l0")[:, 0]
        np.testing.assert_allclose(found[f"compared_{number}_change_h"], difference)
        loss = float(changed.after["loss_total"])
        assert found[f"compared_{number}_loss"] == pytest.approx(loss)
        assert f"{changed.kl()[1, 0]:.3g}" in told
    assert "1  off: h unit 2 ablated; h unit 3 ablated" in told
    path = str(tmp_path / "a.csv")
    assert main(["analyze", "hello", "-o", path, "--what", "what-if", *sets, "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])["compared"]
    assert [each["name"] for each in said] == ["off", "W_hh_l0[1,2]=0.5"]
    np.testing.assert_allclose(said[0]["kl"], found["compared_1_kl"], rtol=1e-4)
    norms = np.linalg.norm(found["compared_2_change_h"], axis=1)
    np.testing.assert_allclose(said[1]["change_norm"], norms, rtol=1e-4)


def test_an_edit_is_made_in_the_sequence_that_is_shown_and_a_weight_in_all(tmp_path: Path) -> None:
    run = Run.create(RunConfig(task="parity", dtype="float64"))
    trace = run.trace()
    path = tmp_path / "numbers.npz"
    words = ["--what", "what-if", "--row", "2", "--dtype", "float64", "-o", str(path)]
    sets = ["--edit", "h_l0[3]@2=0.9", "--compare", "a: h_l0[3]@2=0.9; W_hh_l0[1,2]=0.5"]
    assert main(["analyze", "parity", *words, *sets]) == 0
    one = Edit(name="h_l0", step=1, index=(2,), row=2, value=0.9)
    both = what_if(trace, [one, Edit(name="W_hh_l0", value=0.5, index=(0, 1))])
    with np.load(path) as found:
        assert float(found["loss_after"]) == pytest.approx(
            float(what_if(trace, [one]).after["loss_total"]), abs=1e-12
        )
        assert float(found["compared_1_loss"]) == pytest.approx(
            float(both.after["loss_total"]), abs=1e-12
        )


def test_compared_edits_are_drawn_without_words_about_a_form(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    path = tmp_path / "a.svg"
    sets = ["--compare", "off: h_l0[2]=off", "--compare", "on: h_l0[2]=1"]
    assert main(["analyze", "hello", "-o", str(path), "--what", "what-if", *sets]) == 0
    drawn = path.read_text(encoding="utf-8")
    assert "Kept edits compared" in drawn
    assert "Choose a number" not in drawn


def test_the_recurrence_is_scaled_to_the_singular_value_asked_for(tmp_path: Path) -> None:
    found = numbers(tmp_path, "--what", "by-hand", *ASKED["by-hand"])
    assert found["made_largest_singular_value"] == pytest.approx(2.0)
    assert found["made_log10_norm_dL_dh"].shape == (9,)


def test_three_cells_are_trained_alike(tmp_path: Path) -> None:
    found = numbers(tmp_path, "--what", "cells", "--each", "7", "--hidden-size", "5")
    assert found["iteration"] == 7
    run = Run.create(
        RunConfig(task="hello", dtype="float64", model=ModelOptions(cell="gru", hidden_size=5))
    )
    run.train(7)
    assert found["gru_loss"] == pytest.approx(float(run.trace()["loss_total"]))


def test_the_likeliest_outputs_come_with_the_unit(tmp_path: Path) -> None:
    found = numbers(tmp_path, "--what", "activity", "--unit", "3")
    trace = Run.create(RunConfig(task="hello", dtype="float64")).trace()
    np.testing.assert_array_equal(found["values"], trace["h_l0"][:, 0, 2])
    assert (found["top_probabilities"][:, 0] == trace["probs"][:, 0].max(axis=1)).all()


def test_the_norm_before_clipping_is_that_of_the_next_update(tmp_path: Path) -> None:
    found = numbers(tmp_path, "--what", "clipping", "--clip-norm", "0.01")
    assert found["norm_before"] > found["threshold"] == pytest.approx(0.01)
    assert found["clipped"] == found["counted"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--what", "what-if"], "at least one edit"),
        (["--what", "what-if", "--edit", "h_l0=="], "is no edit"),
        (["--what", "what-if", "--compare", "a: "], "write NAME: EDIT; EDIT"),
        (["--what", "what-if", "--compare", ": h_l0=1"], "write NAME: EDIT; EDIT"),
        (["--what", "what-if", "--compare", "a: h_l0=1; b"], "is no edit"),
        (["--what", "what-if", "--compare", "a: h_l0[9]=1"], "a: h_l0 has no component"),
        (["--what", "what-if", "--compare", "a: h_l0=1", "--compare", "a: h_l0=2"], "same name"),
        (["--what", "by-hand", "--compare", "a: h_l0=1"], "takes no --compare"),
        (["--what", "what-if", "--edit", "h_l0[0]=1"], "counted from 1"),
        (["--what", "what-if", "--edit", "h_l0[9]=1"], "h_l0"),
        (["--what", "what-if", "--edit", "nothing=1"], "nothing"),
        (["--what", "what-if", "--edit", "h_l0=0.8..0.2"], "clamp"),
        (["--what", "by-hand", "--sigma", "2", "--radius", "1"], "not both"),
        (["--what", "by-hand", "--sigma", "-1"], "above 0"),
        (["--what", "by-hand", "--cell", "gru", "--becomes", "relu"], "gated cell"),
        (["--what", "history", "--every", "0"], "whole number from 1"),
        (["--what", "activity", "--unit", "4"], "1 to 3"),
        (["--what", "activity", "--part", "c"], "no cell state"),
        (["--what", "by-hand", "--steps", "0"], "use 1 to 10,000"),
        (["--what", "by-hand", "--clip", "-1"], "above 0"),
        (["--what", "by-hand", "--clip", "nan"], "above 0"),
        (["--what", "matches", "--start", "0", "--stop", "2", "--threshold", "nan"], "finite"),
        (["--what", "matches", "--start", "0", "--stop", "2", "--before", "-2"], "0 or more"),
        (["--what", "cells", "--sigma", "2"], "takes no --sigma"),
        (["--what", "cells", "--each", "-1"], "whole number from 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    path = tmp_path / "a.npz"
    assert main(["analyze", "hello", "-o", str(path), *arguments]) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert len(said.splitlines()) == 1
    assert not path.exists()


def test_why_a_pass_has_no_gradients_to_draw_is_said_without_a_window_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4)
    net = Network.create(spec, rng=np.random.default_rng(0))
    save_trace(net.trace(Batch(tokens=np.zeros((3, 1), np.intp))), tmp_path / "t.npz")
    passes = {
        "the model fed itself": ["hello", "--sample", "3"],
        "it has no targets": [str(tmp_path / "t.npz")],
    }
    for why, source in passes.items():
        figure = str(tmp_path / "a.svg")
        assert main(["analyze", *source, "--what", "by-hand", "-o", figure]) == 2
        assert f"no gradients: {why}. Look at a training pass" in capsys.readouterr().err
