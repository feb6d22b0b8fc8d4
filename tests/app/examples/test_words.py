"""What is said about answers and scores."""

from dataclasses import replace

import pytest

from rnnviz.app.examples.held_out_line import HeldOutLine
from rnnviz.app.examples.words import (
    Scored,
    place_words,
    score_tip,
    score_words,
    scored_at,
    verdict,
)
from rnnviz.session.held_out import HeldOutPoint
from rnnviz.session.questions import Reply
from rnnviz.tasks.base import Example, Score
from rnnviz.views.application import application

SCORE = Score(
    metric="exact match", value=0.974, baseline=0.61, baseline_name="always yes", target=0.95, n=500
)


@pytest.mark.parametrize(
    ("answer", "said", "right", "of", "expected"),
    [
        ("yes", "yes", 1, 1, "✓ yes"),
        ("yes", "no", 0, 1, "✗ no   right: yes"),
        ("a b c", "a b d", 2, 3, "✗ 2 of 3 right: a b d"),
        ("0.5", "0.43", 0, 0, "▸ 0.43   truth: 0.5"),
        ("", "xyz", 0, 0, "▸ xyz"),
        ("yes", "", 0, 1, "✗ (nothing)   right: yes"),
    ],
)
def test_a_verdict_has_a_sign_and_the_right_answer_where_it_differs(
    answer: str, said: str, right: int, of: int, expected: str
) -> None:
    reply = Reply(Example("train", 0, "a question", answer), said, right, of, None)
    assert verdict(reply) == expected


def test_a_score_stands_beside_baseline_and_target() -> None:
    scored = Scored(SCORE, 1200, 800)
    assert score_words(scored) == (
        "held-out at iteration 1,200: 97.4 % exact match "
        "(baseline 61.0 %, target 95.0 %: ✓ first reached at 800)"
    )
    assert "always yes" in score_tip(scored)
    assert "500 sequences" in score_tip(scored)


def test_the_score_is_that_of_the_iteration_shown_or_of_the_last_scored_before_it() -> None:
    values = {90: 0.5, 180: 0.96, 270: 0.94, 360: 1.0}
    points = [HeldOutPoint(at, 0.1, value) for at, value in values.items()]
    assert scored_at(SCORE, points, 89) is None
    found = {at: scored_at(SCORE, points, at) for at in (90, 98, 180, 300, 400)}
    assert [s and s.iteration for s in found.values()] == [90, 90, 180, 270, 360]
    assert [s and s.score.value for s in found.values()] == [0.5, 0.5, 0.96, 0.94, 1.0]
    last, early = found[400], found[98]
    assert last is not None
    assert early is not None
    assert last.first_reached == 180
    assert "not reached" in score_words(early)


def test_a_perplexity_has_no_percent_sign() -> None:
    score = Score(
        metric="perplexity", value=4.321, baseline=19.1, baseline_name="b", target=None, n=9
    )
    words = "held-out at iteration 3: 4.32 perplexity (baseline 19.1)"
    assert score_words(Scored(score, 3, 3)) == words
    best = score_words(Scored(replace(score, value=1.0001), 3, 3))
    assert best == "held-out at iteration 3: 1.00 perplexity (baseline 19.1)"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.0, "100.0 %"), (1999 / 2000, ">99.9 %"), (0.974, "97.4 %"), (1e-4, "<0.1 %"), (0, "0.0 %")],
)
def test_only_what_is_all_right_or_all_wrong_is_called_so(value: float, said: str) -> None:
    score = replace(SCORE, value=value)
    assert f": {said} {SCORE.metric}" in score_words(Scored(score, 3, 3))


def test_a_list_says_where_it_stands() -> None:
    assert place_words(2, 1000) == "3 of 1,000"
    assert place_words(-1, 1000) == "1,000 examples"
    assert place_words(-1, 1) == "1 example"


@pytest.mark.parametrize("width", [600, 330, 270, 200, 110])
def test_in_however_little_room_a_score_says_what_it_counts(width: int) -> None:
    application()
    line = HeldOutLine()
    line.resize(width, 20)
    perplexity = replace(SCORE, metric="perplexity", value=1.0, target=None)
    line.show_score(Scored(perplexity, 71797, 800))
    assert "1.00 perplexity" in line.text()
    assert "…" not in line.text()
    assert "held-out" in line.text() or width == 110


@pytest.mark.parametrize("width", [200, 110, 84])
def test_that_nothing_was_scored_is_said_whole_in_little_room(width: int) -> None:
    application()
    line = HeldOutLine()
    line.resize(width, 20)
    line.show_nothing()
    assert line.text().startswith("not scored")
    assert "…" not in line.text()
