"""What goes on in time: in the rolled graph a loop with a delay, unrolled a wire to the next step.

The black square of a delay is that of Goodfellow, Bengio, Courville: Deep Learning (2016), 10.1.
"""

from __future__ import annotations

import math

from rnnviz.scene.graph.lanes import Lane
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.wires import CLEAR, leaving
from rnnviz.scene.rolled.folding import Folding, between, eased
from rnnviz.scene.shapes import Rect

Point = tuple[float, float]
_POINTS = 25
_RUN_IN = 0.88
"""Share of a loop from which on it runs straight: the head at its end has its whole size."""
_SHARES = (
    *(n / (_POINTS - 1) for n in range(_POINTS // 2)),
    *(0.5 + (_RUN_IN - 0.5) * n / (_POINTS // 2 - 1) for n in range(_POINTS // 2)),
    1.0,
)
INNER, OUTER = 0.16, 0.4
"""How far from their middle the two ends of a state's loop, and of the gradient's around it,
stand: as shares of the lane's room."""
_REACH = 46.0
"""How far a loop goes out beside a small box, logical pixels."""
OPENS, OPEN = 0.3, 0.95
"""Shares between which a loop opens into the wire to the next step."""
DELAY = 8.0
"""Side of the square that stands for one step of delay."""


def loop_path(
    folding: Folding, row: Row, column: int, lane: Lane, *, backward: bool = False
) -> tuple[Point, ...]:
    """The way of a state to the next step, or of the gradient from there, at the share."""
    folded = _loop(folding, row, column, lane, backward)
    follows = folding.after(row, column)
    if follows is None:
        return folded
    straight = _straight(folding, row, column, follows, lane, backward)
    return _mixed(folded, straight, eased(folding.share, OPENS, OPEN))


def handed_over(folding: Folding, row: Row, column: int, lane: Lane) -> tuple[Point, Point]:
    """From the last step of the encoder to the first of the decoder."""
    box, there = folding.box(row, column), folding.box(row, folding.part_of(column).stop)
    y = row.top + row.height * lane.forward
    beyond = (_REACH + 60.0) * folding.grain(row) + 14.0
    start = between(box.right + beyond, box.right + 1.0, eased(folding.share))
    level = between(row.top + row.height * (lane.forward + lane.backward) / 2, y, folding.share)
    return (start, level), (there.x - CLEAR, level)


def fed_back_loop(
    folding: Folding, column: int, *, target: Row, beyond: float, aside: float = 0.0
) -> tuple[Point, Point, Point, Point]:
    """From an output to a row of the next step: a jordan network's memory, or what was sampled.

    `beyond` is how far out it goes in the rolled graph, `aside` an offset for the way back.
    """
    output = folding.of_kind("output")[0]
    here, own = folding.box(output, column), folding.box(target, column)
    out, y, level = here.right + 1.0, leaving(output) - aside, target.middle + aside
    x = max(here.right, own.right) + beyond + aside
    folded = ((out, y), (x, y), (x, level), (own.right + CLEAR, level))
    if not target.has(column + 1):
        return folded
    there = folding.box(target, column + 1)
    middle = between(here.right, there.x, 0.5) + min(aside, 4.0)
    straight = ((out, y), (middle, y), (middle, level), (there.x - CLEAR, level))
    p0, p1, p2, p3 = _mixed(folded, straight, eased(folding.share, OPENS, OPEN))
    return p0, p1, p2, p3


def delay_square(at: Point, grain: float) -> Rect:
    """The square on a loop."""
    side = DELAY * grain
    return Rect(at[0] - side / 2, at[1] - side / 2, side, side)


def loop_room(row: Row, lane: Lane) -> float:
    """Height of the part of a box that belongs to a lane: a second lane halves it."""
    return row.height * (1.0 if lane.thickest > 0.3 else 0.5)


def _loop(folding: Folding, row: Row, column: int, lane: Lane, backward: bool) -> tuple[Point, ...]:
    box = folding.box(row, column)
    side = -1.0 if row.reverse else 1.0
    edge = box.x if row.reverse else box.right
    grain, room = folding.grain(row), loop_room(row, lane)
    middle = row.top + row.height * (lane.forward + lane.backward) / 2
    reach, half, bulge = _REACH * grain, INNER * room, 0.0
    if room == row.height:
        bulge = min(folding.gap * 0.4, 14.0 * grain)
    if backward:
        # Around the forward loop, the other way, with an end of its own on either side.
        reach, half, bulge = reach + 10.0, OUTER * room, 1.3 * bulge
    out, back = middle - half, middle + half
    points = []
    for p in _SHARES:
        p = 1.0 - p if backward else p
        x = edge + side * (1.0 + reach * math.sin(math.pi * p))
        points.append((x, out + (back - out) * p - bulge * math.sin(2 * math.pi * p)))
    points[-1] = (edge + side * CLEAR, points[-1][1])
    return tuple(points)


def _straight(
    folding: Folding, row: Row, column: int, follows: int, lane: Lane, backward: bool
) -> tuple[Point, ...]:
    here, there = folding.box(row, column), folding.box(row, follows)
    y = row.top + row.height * (lane.backward if backward else lane.forward)
    side = 1.0 if follows > column else -1.0
    near, far = (here.right, there.x) if side > 0 else (here.x, there.right)
    start, end = near + side * 1.0, far - side * CLEAR
    if backward:
        start, end = far - side * 1.0, near + side * (CLEAR - 1.0)
    return tuple((between(start, end, n / (_POINTS - 1)), y) for n in range(_POINTS))


def _mixed(a: tuple[Point, ...], b: tuple[Point, ...], share: float) -> tuple[Point, ...]:
    return tuple(
        (between(p[0], q[0], share), between(p[1], q[1], share)) for p, q in zip(a, b, strict=True)
    )
