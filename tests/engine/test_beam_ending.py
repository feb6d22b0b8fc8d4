"""When a beam search ends, and that it asks the model for no step too many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine.beam import Beam, beam_search
from rnnviz.engine.decoding import generate
from rnnviz.engine.state import State
from rnnviz.trace import UserError

STOP = 0


class Told:
    """Chances by how many tokens were read: the same after any token, but after a stop none."""

    def __init__(self, *chances: list[float]) -> None:
        self.chances = np.array(chances)
        self.steps = 0

    def step(self, inputs: Any, state: State | None = None) -> tuple[Any, State]:
        self.steps += 1
        count = np.zeros(len(inputs), np.intp) if state is None else state["count"]
        chances = self.chances[np.minimum(count, len(self.chances) - 1)]
        return np.log(chances), State({"count": count + 1})


def search(net: Told, **options: Any) -> Beam:
    (beam,) = beam_search(net, [1], 6, **({"width": 2, "stop": STOP} | options))
    return beam


def last_step(beam: Beam) -> int:
    return max(node.step for node in beam.tree)


def test_a_search_goes_on_while_what_is_still_growing_may_beat_what_is_finished() -> None:
    # After two steps there are two answers, 0.5 and 0.12, and 0.15 that has not ended.
    net = Told([0.5, 0.3, 0.2], [0.4, 0.5, 0.1], [0.9, 0.06, 0.04])
    beam = search(net)
    assert [answer.tokens for answer in beam.hypotheses] == [(0,), (1, 1, 0)]
    np.testing.assert_allclose(np.exp([a.total for a in beam.hypotheses]), [0.5, 0.135])
    assert last_step(beam) == 2


def test_a_search_ends_where_nothing_can_become_better() -> None:
    # Of the same chance as what is growing: each token more can only make that less likely.
    beam = search(Told([0.5, 0.3, 0.2], [0.45, 0.45, 0.1]))
    assert [answer.tokens for answer in beam.hypotheses] == [(0,), (1, 0)]
    assert last_step(beam) == 1


def test_a_search_that_ranks_by_the_mean_goes_on_to_the_end() -> None:
    likely = [0.001, 0.998, 0.001]
    beam = search(Told([0.5, 0.3, 0.2], [0.45, 0.45, 0.1], likely), length_penalty=1.0)
    assert last_step(beam) == 5
    assert beam.hypotheses[0].tokens == (1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize("length_penalty", [0.0, 1.0])
def test_no_step_is_asked_for_that_nothing_is_written_from(length_penalty: float) -> None:
    ended = Told([0.9, 0.06, 0.04])
    search(ended, width=1, length_penalty=length_penalty)
    assert ended.steps == 1
    whole = Told([0.1, 0.6, 0.3])
    beam = search(whole, stop=None, length_penalty=length_penalty)
    assert (whole.steps, last_step(beam)) == (6, 5)
    written = Told([0.1, 0.6, 0.3])
    assert len(generate(written, [1], 6, temperature=0).tokens) == written.steps == 6


def test_of_equally_likely_continuations_those_of_lower_ids_are_kept() -> None:
    beam = search(Told([1 / 40] * 40), width=3, stop=None)
    first = [node.token for node in beam.tree if node.step == 0 and node.kept]
    assert first == [0, 1, 2]
    assert beam.hypotheses[0].tokens == (0,) * 6


def test_four_answers_are_looked_for_if_nobody_says_how_many() -> None:
    (beam,) = beam_search(Told([0.1, 0.6, 0.3]), [1], 3)
    assert len(beam.hypotheses) == 4


@pytest.mark.parametrize("options", [{"width": 1000}, {"length_penalty": 10.0}])
def test_the_largest_settings_that_are_named_can_be_had(options: dict[str, Any]) -> None:
    assert search(Told([0.5, 0.3, 0.2]), **options).hypotheses


@pytest.mark.parametrize(
    "options", [{"width": 1001}, {"length_penalty": 10.1}, {"length_penalty": float("nan")}]
)
def test_larger_ones_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"from 1 to 1000|from 0 to 10"):
        search(Told([0.5, 0.3, 0.2]), **options)
