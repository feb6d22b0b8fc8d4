"""What is said about answers and scores, with a sign that does not need colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rnnviz.scene.numbers import percent, short
from rnnviz.session.comparing import Written
from rnnviz.session.held_out import HeldOutPoint
from rnnviz.session.questions import Reply
from rnnviz.tasks.base import Score

RIGHT, WRONG, UNKNOWN = "✓", "✗", "▸"


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, the iteration after which it was made, and the first scored one that reached the
    target (where this one does)."""

    score: Score
    iteration: int
    first_reached: int


def scored_at(score: Score, points: Sequence[HeldOutPoint], iteration: int) -> Scored | None:
    """The newest of some points up to an iteration; None where none is so early.

    `score` says how such points are measured; `points` ascend.
    """
    past = [replace(score, value=p.value) for p in points if p.iteration <= iteration]
    if not past:
        return None
    first = next((p for s, p in zip(past, points, strict=False) if s.reached), points[0])
    return Scored(past[-1], points[len(past) - 1].iteration, first.iteration)


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


def own_answer(said: str, iteration: int) -> str:
    """What the network made of something that it was asked once: the weights go on changing."""
    return f"{UNKNOWN} {said or '(nothing)'}   at iteration {iteration:,}"


def written_mark(written: Written, answer: str) -> str:
    """Whether a decoded answer is the right one; nothing where that is not known."""
    if not answer:
        return ""
    return mark_of(written.text == answer)


def score_words(scored: Scored) -> str:
    """The held-out score in one line: "held-out at iteration 80: 97.4 % exact match (…)"."""
    score = scored.score
    target = "" if score.target is None else f", target {_value(score, score.target)}"
    line = f"{shorter_scores(scored)[0]} (baseline {_value(score, score.baseline)}{target}"
    if score.reached is None:
        return f"{line})"
    if not score.reached:
        return f"{line}: {WRONG} not reached)"
    return f"{line}: {RIGHT} first reached at {scored.first_reached:,})"


def shorter_scores(scored: Scored) -> tuple[str, ...]:
    """The same in fewer and fewer words; a bare number would say nothing of what it counts."""
    part, value = _part(scored), _value(scored.score, scored.score.value)
    told = f"{value} {scored.score.metric}"
    return (
        f"{part} at iteration {scored.iteration:,}: {told}",
        f"{part} at {scored.iteration:,}: {told}",
        f"{part}: {told}",
        told,
    )


def _part(scored: Scored) -> str:
    return "held-out" if scored.score.split == "held-out" else "training data"


def score_tip(scored: Scored) -> str:
    """What the figures of `score_words` mean."""
    score, iteration = scored.score, scored.iteration
    seen = "not trained on" if score.split == "held-out" else "trained on: none are held out"
    return (
        f"{score_words(scored)}\n"
        f"{score.metric.capitalize()} of {score.n:,} {score.unit} that are {seen}, "
        f"after iteration {iteration:,}.\n"
        f"Baseline: {score.baseline_name}. Evaluate again: E"
    )


def place_words(row: int, count: int) -> str:
    """Where a list stands: "3 of 1,000"."""
    if row >= 0:
        return f"{row + 1:,} of {count:,}"
    return f"{count:,} {'example' if count == 1 else 'examples'}"


def likelihood(written: Sequence[Written]) -> list[str]:
    """ln p of each answer, aligned to two digits."""
    return [f"{w.log_prob:.2f}" if math.isfinite(w.log_prob) else "-∞" for w in written]


def _value(score: Score, value: float) -> str:
    if score.metric in ("accuracy", "exact match"):
        return percent(value, 1)
    return short(value)
