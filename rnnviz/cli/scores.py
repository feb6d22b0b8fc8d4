"""A score for programs and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rnnviz.trace.many import many

if TYPE_CHECKING:
    from rnnviz.session import Run


def score_of(run: Run) -> tuple[dict[str, Any], str]:
    """The score of a run on held-out data as JSON values and as a phrase; the run keeps it.

    Raises:
        UserError: if the data are missing.
    """
    score, _ = run.examine()
    result = {
        "metric": score.metric,
        "value": score.value,
        "baseline": score.baseline,
        "baseline_name": score.baseline_name,
        "target": score.target,
        "reached": score.reached,
        "split": score.split,
        "scored": score.n,
        "unit": score.unit,
    }
    target = "" if score.target is None else f", target {score.target:.4g}"
    counted = many(score.n, score.unit.removesuffix("s"))
    words = (
        f"{score.metric} {score.value:.4g} on {counted} of {score.split} data "
        f"({score.baseline_name}: {score.baseline:.4g}{target})"
    )
    return result, words
