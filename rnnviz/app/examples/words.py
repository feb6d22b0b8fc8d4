"""What is said about answers and scores, with a sign that does not need colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rnnviz.session.comparing import Written
from rnnviz.session.questions import Reply
from rnnviz.tasks.base import Score

RIGHT, WRONG, UNKNOWN = "✓", "✗", "▸"


def mark_of(is_right: bool | None) -> str:
    """A tick, a cross, or an arrow where nobody knows."""
    if is_right is None:
        return UNKNOWN
    return RIGHT if is_right else WRONG


def verdict(reply: Reply) -> str:
    """What the network says and, where that is wrong, what would be right."""
    answer = reply.example.answer
    text = f"{mark_of(reply.is_right)} {reply.said or '(nothing)'}"
    if reply.is_right is None:
        return f"{text}   truth: {answer}" if answer else text
    if reply.of > 1:
        return f"{mark_of(reply.is_right)} {reply.right} of {reply.of} right: {reply.said}"
    return text if reply.is_right else f"{text}   right: {answer}"


def written_mark(written: Written, answer: str) -> str:
    """Whether a decoded answer is the right one; nothing where that is not known."""
    if not answer:
        return ""
    return mark_of(written.text == answer)


def score_words(score: Score, iteration: int) -> str:
    """The held-out score in one line: "held-out: 97.4 % exact match (baseline 61.0 %, …)"."""
    part = "held-out" if score.split == "held-out" else "training data"
    target = "" if score.target is None else f", target {_value(score, score.target)}"
    line = (
        f"{part}: {_value(score, score.value)} {score.metric} "
        f"(baseline {_value(score, score.baseline)}{target})"
    )
    if score.reached is not None:
        line += f" {RIGHT} reached" if score.reached else f" {WRONG} not yet"
    return f"{line} at {iteration:,}"


def score_tip(score: Score, iteration: int) -> str:
    """What the figures of `score_words` mean."""
    seen = "not trained on" if score.split == "held-out" else "trained on: none are held out"
    return (
        f"{score_words(score, iteration)}\n"
        f"{score.metric.capitalize()} of {score.n:,} {score.unit} that are {seen}, "
        f"after iteration {iteration:,}.\n"
        f"Baseline: {score.baseline_name}. Evaluate again: E"
    )


def place_words(row: int, count: int) -> str:
    """Where a list stands: "3 of 1,000"."""
    return f"{row + 1:,} of {count:,}" if row >= 0 else f"{count:,} examples"


def likelihood(written: Sequence[Written]) -> list[str]:
    """ln p of each answer, aligned to two digits."""
    return [f"{w.log_prob:.2f}" if math.isfinite(w.log_prob) else "-∞" for w in written]


def _value(score: Score, value: float) -> str:
    if score.metric in ("accuracy", "exact match"):
        return f"{value * 100:.1f} %"
    return f"{value:.3g}"
