"""What is said about answers and scores."""

import pytest

from rnnviz.app.examples.words import place_words, score_tip, score_words, verdict
from rnnviz.session.questions import Reply
from rnnviz.tasks.base import Example, Score

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
    assert score_words(SCORE, 1200) == (
        "held-out: 97.4 % exact match (baseline 61.0 %, target 95.0 %) ✓ reached at 1,200"
    )
    assert "always yes" in score_tip(SCORE, 1200)
    assert "500 sequences" in score_tip(SCORE, 1200)


def test_a_perplexity_has_no_percent_sign() -> None:
    score = Score(
        metric="perplexity", value=4.321, baseline=19.1, baseline_name="b", target=None, n=9
    )
    assert score_words(score, 3) == "held-out: 4.32 perplexity (baseline 19.1) at 3"


def test_a_list_says_where_it_stands() -> None:
    assert place_words(2, 1000) == "3 of 1,000"
    assert place_words(-1, 1000) == "1,000 examples"
