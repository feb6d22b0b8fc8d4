"""Where else the same units are on: in the batch in view, or in the examples of the task."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.analysis import find_matches, select_units
from rnnviz.analysis.progress import Cancelled
from rnnviz.app.lab.figure_analyses import numbers_behind
from rnnviz.app.lab.measure_matches import MOST_EXAMPLES, MatchKeeper
from rnnviz.app.lab.request import Request
from rnnviz.engine import State
from rnnviz.scene.lab.matches import matches_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import UserError
from tests.app.lab.requests import go


def run_on(task: str, **model: Any) -> Run:
    return Run.create(RunConfig(task=task, model=ModelOptions(hidden_size=8, **model), seed=1))


def asked(run: Run, **options: Any) -> Request:
    given = {"start": 1, "stop": 2, "threshold": 0.05, **options}
    return Request(run.trace(), str(run.spec.layer_names()[-1]), 0, given, run.config, run.history)


@pytest.mark.parametrize("task", ["parity", "text", "sentiment"])
def test_in_the_examples_of_the_task_each_place_is_what_a_pass_over_that_example_shows(
    task: str,
) -> None:
    run = run_on(task)
    request = asked(run, where="examples")
    found = MatchKeeper().measure(request, go)
    assert found.wide
    assert found.places
    assert found.searched > request.trace.batch_size
    assert [p.shared for p in found.places] == sorted(
        (p.shared for p in found.places), reverse=True
    )
    name = request.trace
    units = select_units(np.asarray(name["h_l0"])[:, 0], 0, 2, threshold=0.05)
    assert found.units == units
    for place in found.places[:4]:
        trace = run.trace(run.task.examples("train")[place.row])
        own = find_matches(np.asarray(trace["h_l0"]), units, threshold=0.05)
        assert (place.start, place.stop, place.shared) in {(m.start, m.stop, m.shared) for m in own}


def test_the_weights_are_those_of_the_pass_in_view_and_not_of_the_run_since() -> None:
    run = run_on("parity")
    request = asked(run, where="examples")
    before = MatchKeeper().measure(request, go)
    run.train(50)
    assert MatchKeeper().measure(request, go).places == before.places


def test_examples_are_read_in_the_state_that_the_pass_in_view_began_in() -> None:
    run = run_on("text", cell="rnn").train(2)
    for name in run.net.params:
        run.net.params[name][...] = 0.0
    run.net.params["W_hh_l0"][...] = 5.0 * np.eye(8)
    carried = run.trainer.state_to_read_in()
    assert carried is not None
    run.trainer._carried = State({"h_l0": np.full_like(carried["h_l0"], 0.5)})
    found = MatchKeeper().measure(asked(run, where="examples"), go)
    assert found.units == tuple(range(8))
    assert found.places, "from its own start this network is on nowhere"


def test_a_decoder_is_searched_in_its_own_words() -> None:
    run = run_on("translation")
    options = {"start": 1, "stop": 2, "threshold": 0.05, "where": "examples"}
    request = Request(run.trace(), "decoder_l0", 0, options, run.config)
    found = MatchKeeper().measure(request, go)
    assert found.places
    place = found.places[0]
    labels = run.trace(run.task.examples("train")[place.row]).labels
    assert set(place.inside) <= set("".join(labels.decoder_inputs[0]) + " ")


def test_the_search_can_be_cancelled_and_ends_after_so_many_examples() -> None:
    request = asked(run_on("parity"), where="examples")
    with pytest.raises(Cancelled):
        MatchKeeper().measure(request, lambda done, total: done < 3)
    assert MatchKeeper().measure(request, go).searched <= MOST_EXAMPLES


def test_a_bare_recording_has_no_examples_to_look_in() -> None:
    run = run_on("parity")
    request = Request(run.trace(), "l0", 0, {"threshold": 0.05, "where": "examples"})
    with pytest.raises(UserError, match="look in its batch"):
        MatchKeeper().measure(request, go)


def test_the_picture_says_what_was_searched_and_the_numbers_are_those_of_the_picture() -> None:
    run = run_on("parity")
    for where, kind in (("batch", "sequence"), ("examples", "example")):
        request = asked(run, where=where)
        found = MatchKeeper().measure(request, go)
        picture = matches_picture(found, LIGHT, 400.0)
        assert f"{found.searched} {kind}s" in picture.summary.replace(",", "")
        assert any(hit.tip.startswith(kind) for hit in picture.hits)
        numbers = numbers_behind("matches", found, request, go)
        if where == "examples":
            rows = [tuple(row) for row in numbers["places"]]
            assert rows == [(p.row, p.start, p.stop) for p in found.places]
