"""How time and memory of one training iteration grow with the number of steps T."""

from __future__ import annotations

import gc
import itertools
import math
import statistics
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rnnviz.cli.bench import ours
from rnnviz.cli.bench.workloads import Workload
from rnnviz.trace.spec import CellKind

LENGTHS = (10, 30, 100, 300, 1000, 3000, 10_000)
COLORS = {"rnn": "#1b7f4b", "gru": "#b36b00", "lstm": "#2f5fb3"}
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 400, 300, 62, 34, 44


@dataclass(frozen=True, slots=True)
class Point:
    """Seconds of one iteration and bytes of all buffers, for H = 64."""

    cell: str
    steps: int
    batch: int
    seconds: float
    bytes: int


def measure(
    cells: Sequence[str] = ("rnn", "gru", "lstm"),
    lengths: Sequence[int] = LENGTHS,
    batches: Sequence[int] = (1,),
    repeats: int = 5,
) -> list[Point]:
    """Medians over ``repeats`` iterations or more."""
    points = []
    for cell in cells:
        for steps, batch in itertools.product(lengths, batches):
            workload = Workload("", "", cast(CellKind, cell), 64, steps, batch, 0, 0)
            gc.collect()
            tracemalloc.start()
            iterate = ours.iteration(workload)
            iterate()
            size = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            seconds = []
            for _ in range(max(repeats, min(50, 3000 // steps))):
                started = time.process_time()
                iterate()
                seconds.append(time.process_time() - started)
            points.append(Point(cell, steps, batch, statistics.median(seconds), size))
    return points


def draw(points: Sequence[Point]) -> str:
    """Both panels as SVG, all axes logarithmic; a dotted line has slope one."""
    panels = [
        _panel(points, 0, "milliseconds an iteration", [1e3 * p.seconds for p in points]),
        _panel(points, _WIDTH, "megabytes of buffers", [p.bytes / 1e6 for p in points]),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * _WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {2 * _WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{"".join(panels)}</svg>\n'
    )


def _panel(points: Sequence[Point], left: int, title: str, values: Sequence[float]) -> str:
    steps = [p.steps for p in points]
    low_x, high_x = math.log10(min(steps)), math.log10(max(steps))
    low_y, high_y = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x(value: float) -> float:
        inner = _WIDTH - _LEFT - 24
        return left + _LEFT + inner * (math.log10(value) - low_x) / max(1e-9, high_x - low_x)

    def y(value: float) -> float:
        inner = _HEIGHT - _TOP - _BOTTOM
        return _HEIGHT - _BOTTOM - inner * (math.log10(value) - low_y) / max(1, high_y - low_y)

    parts = [f'<text x="{left + _LEFT}" y="20" font-weight="bold">{title}</text>\n']
    for power in range(low_y, high_y + 1):
        at, label = y(10.0**power), f"{10.0**power:g}"
        parts.append(
            f'<line x1="{x(min(steps)):.1f}" x2="{x(max(steps)):.1f}" y1="{at:.1f}" y2="{at:.1f}" '
            f'stroke="#dddddd"/><text x="{left + _LEFT - 8}" y="{at + 4:.1f}" '
            f'text-anchor="end">{label}</text>\n'
        )
    for power in range(math.ceil(low_x), math.floor(high_x) + 1):
        parts.append(
            f'<text x="{x(10.0**power):.1f}" y="{_HEIGHT - _BOTTOM + 18}" '
            f'text-anchor="middle">{10**power:,}</text>\n'
        )
    parts.append(
        f'<text x="{left + (_LEFT + _WIDTH) / 2:.1f}" y="{_HEIGHT - 8}" '
        f'text-anchor="middle">steps T (H = 64, B = 1)</text>\n'
    )
    top = max(range(len(points)), key=lambda i: (points[i].steps, values[i]))
    first = values[top] * min(steps) / steps[top]
    if first >= 10.0**low_y:
        parts.append(
            f'<line x1="{x(min(steps)):.1f}" y1="{y(first):.1f}" x2="{x(steps[top]):.1f}" '
            f'y2="{y(values[top]):.1f}" stroke="#999999" stroke-dasharray="2 4"/>\n'
        )
    for number, cell in enumerate(dict.fromkeys(p.cell for p in points)):
        line = [(x(p.steps), y(v)) for p, v in zip(points, values, strict=True) if p.cell == cell]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in line)
        color = COLORS.get(cell, "#444444")
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>\n'
            f'<text x="{left + _LEFT + 12}" y="{_TOP + 16 + 16 * number}" '
            f'fill="{color}">{cell}</text>\n'
        )
    return "".join(parts)
