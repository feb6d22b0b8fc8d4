"""What clipping does: to the pass on the stage, and over the iterations so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.clip_bars import clip_bars
from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Frame,
    Line,
    Span,
    exponents,
    frame_shapes,
    line_shapes,
)
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.numbers import grouped, percent, short, tick_text, ticks
from rnnviz.scene.shapes import Floats, Label, Picture, Rect, Wire
from rnnviz.scene.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class ClipRecord:
    """‖g‖ before and after clipping with threshold τ (None: off) of this pass's update.

    ``low`` and ``high`` (n,) are the least and greatest log₁₀ ‖g‖ before clipping around each of
    ``iteration`` (n,); ``clipped`` of ``counted`` iterations were cut. ``update_of`` is the
    iteration of the update where it is not that of the pass itself.
    """

    before: float
    threshold: float | None
    iteration: Floats
    low: Floats
    high: Floats
    clipped: int
    counted: int
    update_of: int | None = None


def clipping_picture(record: ClipRecord, theme: Theme, width: float) -> Picture:
    """The two bars, and the norms over the iterations with the threshold."""
    sheet = Sheet(theme, width)
    clip_bars(sheet, record.before, record.threshold)
    if record.update_of is not None:
        sheet.words(f"of the last update, iteration {grouped(record.update_of)}")
    if len(record.iteration) > 1:
        _norms_over_time(sheet, record)
    summary = f"Gradient norm {short(record.before)} before clipping"
    if record.threshold is not None:
        summary += f", threshold {short(record.threshold)}"
    return sheet.picture(summary + ".")


def _norms_over_time(sheet: Sheet, record: ClipRecord) -> None:
    theme = sheet.theme
    sheet.heading("‖g‖ before clipping, by iteration")
    share = percent(record.clipped / max(record.counted, 1))
    sheet.words(f"{grouped(record.clipped)} of {grouped(record.counted)} updates ({share}) "
                "were cut; log scale")  # fmt: skip
    rect = sheet.area(sheet.plot_height, GUTTER)
    limit = np.log10(record.threshold) if record.threshold else np.nan
    span = exponents(record.low, record.high, np.array([limit]))
    x = Span(float(record.iteration[0]), float(record.iteration[-1]))
    frame = Frame(rect, x, span)
    sheet.add_all(frame_shapes(frame, theme))
    for values in (record.low, record.high):
        line = Line("", record.iteration, values, theme.gradient, width=1.3)
        sheet.add_all(line_shapes(frame, line, theme))
    if record.threshold:
        y = float(frame.py(np.array(limit)))
        stroke = ((rect.x, y), (rect.right, y))
        sheet.add(Wire(stroke, theme.bad, 1.5, head=False, dashed=True))
        place = Rect(rect.right - 90, y - 14 if y - 14 > rect.y else y + 2, 86, 12)
        sheet.add(Label(place, f"τ = {short(record.threshold)}", theme.bad, 10.0, "right"))
    for value in ticks(x.low, x.high, max(2, int(rect.w / 70))):
        at = float(frame.px(np.array(value)))
        if at < rect.right - 12:
            place = Rect(at - 30, rect.bottom + 1, 60, 13)
            sheet.add(Label(place, tick_text(value, 1.0), theme.muted, 9.0))
    sheet.space(FOOT)
