"""What a pixel says that stands for several units or steps: how many, and which of their values."""

from __future__ import annotations

from rnnviz.scene.numbers import exactly, grouped, short
from rnnviz.scene.shapes import Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_bars import bar_row
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_heat import heat_table, last_steps
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo


def pooled_heat(
    state: ViewState,
    strip: Strip,
    rect: Rect,
    layout: StripLayout,
    memo: StripsMemo,
    x: float,
    y: float,
) -> str:
    """What the pixel of a heatmap stands for, in words; empty where it is one unit of one step."""
    table = heat_table(state, strip, rect, layout, memo)
    if table is None:
        return ""
    count, rows = table.values.shape
    at = min(max(int((x - table.seen.x) / table.seen.pitch), 0), count - 1)
    row = min(max(int((y - rect.y) / rect.h * rows), 0), rows - 1)
    units = int(table.starts[row + 1] - table.starts[row])
    first, last = _steps(int(last_steps(table.seen)[at]), table.level, strip.part.steps)
    words = []
    if units > 1:
        kind = "classes" if strip.family == "outputs" else "units"
        words.append(f"{'strongest' if table.how == 'strongest' else 'largest'} of {units} {kind}")
    if last > first:
        kind = "mean" if table.how == "strongest" else "largest"
        words.append(f"{kind} of steps {grouped(first)}–{grouped(last)}")
    if not words:
        return ""
    return f"the pixel shows the {', '.join(words)}: {exactly(float(table.values[at, row]))}"


def pooled_bars(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo, x: float) -> str:
    """The same for a bar that stands for several steps."""
    row = bar_row(state, strip, rect, memo)
    if row is None or not row.seen.reduced:
        return ""
    seen = row.seen
    at = min(max(int((x - seen.x) / seen.pitch), 0), seen.count - 1)
    first, last = int(seen.edges[at]) + 1, int(seen.edges[at + 1])
    if last <= first:
        return ""
    steps = f"{grouped(first)}–{grouped(last)}"
    return f"the bar shows the largest of steps {steps}: {short(float(row.values[at]), 3)}"


def _steps(step: int, level: int, steps: int) -> tuple[int, int]:
    """First and last step, from 1, of the block of 2**level steps that holds a step from 0."""
    first = (step >> level) << level
    return first + 1, min(first + (1 << level), steps)
