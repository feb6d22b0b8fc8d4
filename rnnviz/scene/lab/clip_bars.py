"""Clipping by norm as two bars: before, after, and the threshold as a line."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Bars, Label, Rect, Wire


def clip_bars(sheet: Sheet, before: float, threshold: float | None) -> None:
    """‖g‖ before and after g ← g · min(1, τ/‖g‖); the two bars share one linear scale."""
    theme = sheet.theme
    after = before if threshold is None else min(before, threshold)
    sheet.heading("Clipping the whole gradient by its norm")
    if not np.isfinite(before):
        sheet.words("the gradient is not finite: no clipping can save this update", theme.bad)
        return
    if threshold is None:
        sheet.words("clipping is off")
    elif before > threshold:
        sheet.words(f"scaled by {short(after / before)} to the threshold τ = {short(threshold)}")
    else:
        sheet.words(f"below the threshold τ = {short(threshold)}: nothing is cut")
    high = max(before, threshold or 0.0, 1e-300) * 1.05
    rect = sheet.area(40.0, 44, 52)
    for row, (name, value, color) in enumerate(
        (("before", before, theme.gradient), ("after", after, theme.good))
    ):
        y = rect.y + 20.0 * row
        wide = value / high * rect.w
        sheet.add(
            Label(Rect(MARGIN, y + 1, 40, 16), name, theme.muted, 10.0, "left"),
            Bars(np.array([[rect.x, y + 3, max(wide, 1.0), 13.0]]), np.array([color], np.uint32)),
            Label(Rect(rect.x + wide + 5, y + 1, 52, 16), short(value), theme.ink, 10.0, "left"),
        )
    if threshold is not None:
        x = rect.x + threshold / high * rect.w
        sheet.add(Wire(((x, rect.y - 1), (x, rect.bottom + 1)), theme.bad, 1.5, head=False,
                       dashed=True))  # fmt: skip
    sheet.space(4)
