"""Sets of edits beside one another on the same pass: as a table, and as values for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.scene.lab.difference import Difference, KeptChange

_MOST_ROWS = 60
_NUMBER = 11


def compared_values(found: Difference) -> list[dict[str, Any]]:
    """Of each set its name, its edits in words, the loss and by step KL and ‖change of h‖."""
    measure = "kl" if found.entropic else "output_change"
    return [
        {
            "name": each.name,
            "edits": each.words,
            "loss_before": found.loss_before,
            "loss_after": each.loss_after,
            measure: each.divergence.tolist(),
            "change_norm": _norms(each),
        }
        for each in found.kept
    ]


def compared_lines(found: Difference) -> tuple[str, ...]:
    """A row a step, two columns a set: KL(before ‖ after), or how far y moved, and ‖Δh‖."""
    if not found.kept:
        return ()
    lines = [f"{number}  {each.name}: {each.words}" for number, each in enumerate(found.kept, 1)]
    sign = "KL" if found.entropic else "|dy|"
    numbers = range(1, len(found.kept) + 1)
    heads = [head for number in numbers for head in (f"{sign} {number}", f"|dh| {number}")]
    lines += ["", "step  " + "".join(head.rjust(_NUMBER) for head in heads)]
    norms = [_norms(each) for each in found.kept]
    steps = max(len(each.divergence) for each in found.kept)
    for step in range(min(steps, _MOST_ROWS)):
        cells = []
        for each, norm in zip(found.kept, norms, strict=True):
            cells += [_cell(each.divergence.tolist(), step), _cell(norm, step)]
        lines.append(f"{step + 1:>4}  " + "".join(cells))
    if steps > _MOST_ROWS:
        lines.append(f"… {steps - _MOST_ROWS} steps more: they are in the file")
    losses = [each.loss_after for each in found.kept]
    if found.loss_before is not None and None not in losses:
        told = "".join(f"{loss:>{_NUMBER}.4g}" + " " * _NUMBER for loss in losses)
        lines.append(f"   L  {told.rstrip()}   (untouched {found.loss_before:.4g})")
    return tuple(lines)


def _norms(kept: KeptChange) -> list[float]:
    return [math.hypot(*row) for row in kept.change.tolist()]


def _cell(values: Sequence[float], step: int) -> str:
    return (f"{values[step]:.3g}" if step < len(values) else "").rjust(_NUMBER)
