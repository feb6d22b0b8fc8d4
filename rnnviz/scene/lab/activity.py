"""One unit over the text, and what the network expects next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.lab.matrix import value_legend
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.text_flow import text_flow
from rnnviz.scene.numbers import exactly, fixed
from rnnviz.scene.shapes import Bars, Floats, Label, Picture, Rect
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.strips_values import nice_bound
from rnnviz.scene.textwidth import elided, text_width
from rnnviz.scene.theme import Theme

_TOP = 5


@dataclass(frozen=True, slots=True, eq=False)
class UnitActivity:
    """``values`` (n,) of unit ``unit`` (from 0) of one state; ``probs`` (T, V), empty if none.

    ``name`` is the state in words, ``h, layer 2``.
    """

    name: str
    unit: int
    values: Floats
    bounded: bool
    words: tuple[str, ...]
    probs: Floats
    classes: tuple[str, ...]
    targets: tuple[str, ...]


def activity_picture(
    found: UnitActivity, theme: Theme, width: float, cursor: int | None
) -> Picture:
    """The text on the unit's colours, and the five likeliest next tokens at the cursor."""
    sheet = Sheet(theme, width)
    n = len(found.values)
    sheet.heading(f"{found.name}, unit {found.unit + 1}, over the text")
    bound = 1.0 if found.bounded else nice_bound(float(np.abs(found.values).max(initial=0.0)))
    scale = ColorScale(theme.diverging, -bound, bound)
    value_legend(sheet, scale)
    words = found.words or tuple(str(t + 1) for t in range(n))
    tips = [
        f"step {t + 1}, {visible_token(word)!r}: {fixed(float(found.values[t]), 3)}"
        for t, word in enumerate(words[:n])
    ]
    text_flow(sheet, words[:n], found.values, scale, tips, cursor=cursor)
    step = min(cursor if cursor is not None else n - 1, len(found.probs) - 1)
    if len(found.probs) and step >= 0:
        _next_tokens(sheet, found, step)
    high = int(found.values.argmax()) if n else 0
    return sheet.picture(
        f"Unit {found.unit + 1} of {found.name} is highest at step {high + 1}: "
        f"{fixed(float(found.values[high]), 2)}."
    )


def _next_tokens(sheet: Sheet, found: UnitActivity, step: int) -> None:
    theme = sheet.theme
    row = found.probs[step]
    best = np.argsort(-row, kind="stable")[:_TOP]
    read = visible_token(found.words[step]) if step < len(found.words) else str(step + 1)
    sheet.heading(f"Next after {read!r} (step {step + 1})")
    wanted = found.targets[step] if step < len(found.targets) else None
    for rank in best.tolist():
        name = found.classes[rank] if rank < len(found.classes) else str(rank)
        share = float(row[rank])
        said = exactly(share)
        y = sheet.y
        is_target = wanted is not None and name == wanted
        room = sheet.inner - 64 - 48
        color = theme.gradient if is_target else theme.output
        sheet.add(
            Label(Rect(MARGIN, y, 56, 16), elided(visible_token(name), 12.0, 56, bold=is_target),
                  theme.ink, 12.0, "right", bold=is_target),
            Bars(np.array([[MARGIN + 64, y + 3, max(share * room, 1.0), 11.0]]),
                 np.array([color], np.uint32)),
            Label(Rect(MARGIN + 68 + share * room, y, 48, 16), said, theme.ink,
                  min(10.0, 48.0 / text_width(said, 1.0)), "left"),
        )  # fmt: skip
        sheet.y += 17
    if wanted is not None:
        among = any(rank < len(found.classes) and found.classes[rank] == wanted for rank in best)
        said = f"the target, {visible_token(wanted)!r}, is not among these"
        sheet.words("orange: the target" if among else said, size=9.5)
