"""The one shared W: it feeds every step, and in the backward pass it collects from every step."""

from __future__ import annotations

import math
from functools import lru_cache

from rnnviz.scene.captions import PART_MARKS, subscript
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.norms import arrow_widths
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.rows import LETTERED, Row
from rnnviz.scene.graph.weight_sums import (
    collected,
    is_untold,
    recurrent_name,
)
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Box, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_captions import Owner
from rnnviz.scene.strips_reduce import largest_finite
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.update_rules import rule_name, update_figures, update_words
from rnnviz.trace import Part

TITLE_WIDTH = 52.0
"""Left part of the gutter that belongs to row titles, logical pixels."""


_BEHIND = 0x60000000
"""How strong a colour is behind a letter (alpha)."""
_SMALL = 9.0
"""Font size of a letter that finds no room inside its box."""
_SLANT = 0.2
"""How far the slanted letter of a W stands out beyond its own width, as a share of its size."""
_READABLE = 16.0
"""Height of a box whose letter can be read, logical pixels."""


def bus_height(layout: GraphLayout, row: Row) -> float:
    """y of the amber line above a row of states."""
    return row.top - min(max(layout.gap * 0.5, 4.0), 24.0)


def weight_box(layout: GraphLayout, row: Row) -> Rect:
    """The place of W for a row, in the gutter beside its line.

    Where rows stand close, it takes what it needs for its letter to be read: the W of the
    uppermost states upwards, where nothing else stands, another what is free between two states.
    """
    wanted = min(max(layout.gap * 0.6, 8.0), 26.0 * layout.lettering)
    height, bottom = wanted, bus_height(layout, row) + wanted / 2
    if row.top == min(other.top for other in layout.states):
        height = max(wanted, _READABLE)
    elif layout.gap - 3.0 > wanted:
        height = max(wanted, min(_READABLE, layout.gap - 3.0))
        bottom += (height - wanted) / 2
    left = 8.0 + TITLE_WIDTH + layout.inset
    width = min(max(layout.axis.left + layout.inset - left - 14.0, 16.0), 44.0 * layout.lettering)
    return Rect(left, bottom - height, width, height)


def weight_places(layout: GraphLayout, row: Row) -> list[tuple[Part, Rect]]:
    """Where W stands for every part: in the gutter, a decoder's own W before its first step."""
    places = [(layout.parts[0], weight_box(layout, row))]
    for part in layout.parts[1:]:
        if row.has(part.start):
            box, before = layout.box(row, part.start), layout.box(row, part.start - 1)
            # Where there are two directions, a wire runs up beside the encoder's last box.
            space = box.x - before.right - abs(row.shift)
            width = min(max(space - 3.0, 0.0), 44.0)
            center = max(box.x - space / 2, box.x - 40.0)
            height = places[0][1].h
            top = bus_height(layout, row) - height / 2
            places.append((part, Rect(center - width / 2, top, width, height)))
    return places


def is_in_sight(layout: GraphLayout, part: Part, place: Rect) -> bool:
    """Whether the W of a part is shown: that of the first stands in the gutter, a decoder's among
    the steps, with which it is scrolled away."""
    area = layout.time_area
    return part.start == 0 or (place.x >= area.x and place.right <= area.right)


def weight_name(layout: GraphLayout, row: Row) -> str:
    """``W``, with several layers ``W₁``, for the reverse direction ``W′``."""
    name = "W" if layout.spec.layers == 1 else f"W{subscript(row.depth + 1)}"
    return f"{name}′" if row.reverse else name


def drop_at(layout: GraphLayout, row: Row, column: int) -> float:
    """x where W's wire meets the box of a step: its left part, away from the other wires."""
    box = layout.box(row, column)
    # In narrow boxes as far left as it goes: right of it the gradient comes down.
    return box.x + min(8.0, box.w * 0.18, max(box.w * 0.25 - 5.0, 2.5))


def weight_wires(layout: GraphLayout, columns: range, color: int) -> list[Shape]:
    """Dashed lines from each W over its whole row, with a tip into every box."""
    shapes: list[Shape] = []
    width = 1.2 if layout.axis.pitch >= 40 else 0.9
    for row in layout.states:
        for part, place in weight_places(layout, row) if layout.detail == "boxes" else ():
            inside = [c for c in columns if layout.shows(row, c) and part.start <= c < part.stop]
            if not inside:
                continue
            y = bus_height(layout, row)
            ends = drop_at(layout, row, inside[-1])
            line = ((place.right, y), (ends, y))
            shapes.append(Wire(line, color, width, head=False, dashed=True))
            for column in inside:
                x = drop_at(layout, row, column)
                drop = ((x, y), (x, row.top - 1.0))
                shapes.append(Wire(drop, color, width, head=layout.gap > 16))
    return shapes


def weight_shapes(state: ViewState, layout: GraphLayout, done: int) -> list[Shape]:
    """The W boxes with what they have collected so far."""
    shapes: list[Shape] = []
    if layout.detail != "boxes":
        return shapes
    for row in layout.states:
        for part, box in weight_places(layout, row):
            if box.w >= 5.0 and is_in_sight(layout, part, box):
                shapes += _weight_shapes(state, layout, row, box, part, done)
    return shapes


def _weight_shapes(
    state: ViewState, layout: GraphLayout, row: Row, box: Rect, part: Part, done: int
) -> list[Shape]:
    theme = state.theme
    width = 3.0 if state.cursor.phase == "update" else 1.5
    name = weight_name(layout, row)
    shapes: list[Shape] = []
    beside = _letter_beside(layout, box, name)
    if beside is not None:
        shapes.append(Label(beside, name, theme.weight, _SMALL, family="serif", italic=True))
        box = Rect(beside.right, box.y, box.right - beside.right, box.h)
    shapes.append(Box(box, theme.selection, theme.weight, width, min(5.0, box.h / 3)))
    sofar, most = collected(state, row, part, done)
    growing = sofar > 0.0 and most > 0.0 and box.w >= 16.0
    barred = growing and box.h >= 21.0
    if growing and not barred:
        # In a flat box the sum fills the box itself: behind its letter, or all of it.
        color = theme.gradient if beside is not None else theme.gradient & 0x00FFFFFF | _BEHIND
        place = box.inset(1.5)
        filled = Rect(place.x, place.y, place.w * _share_of(sofar, most), place.h)
        shapes.append(Box(filled, color, radius=min(3.0, place.h / 3, filled.w / 2)))
    if barred:
        thick = max(4.0, 0.2 * box.h)
        bar = Rect(box.x + 3.0, box.bottom - thick - 2.0, box.w - 6.0, thick)
        shapes.append(Box(bar, theme.panel, theme.line))
        shapes.append(
            Box(Rect(bar.x, bar.y, bar.w * _share_of(sofar, most), thick), theme.gradient)
        )
    room = Rect(box.x, box.y, box.w, box.h - thick - 2.0) if barred else box
    for text in dict.fromkeys((name, "W")) if beside is None else ():
        size = min(
            13.0 * layout.lettering,
            min(room.h - 3.0, room.h * LETTERED),
            (box.w - 2.0) / (text_width(text, 1.0, "serif") + _SLANT),
        )
        if size >= 7.0:
            hue = theme.ink if growing and not barred else theme.weight
            shapes.append(Label(room, text, hue, size, family="serif", italic=True))
            break
    return shapes


def _share_of(sofar: float, most: float) -> float:
    """How full a W is; a sum that is beyond all numbers fills it."""
    return min(sofar / most, 1.0) if math.isfinite(sofar) else 1.0


def _letter_beside(layout: GraphLayout, box: Rect, name: str) -> Rect | None:
    """Room for the letter at the left end of a box that is too flat to hold it: it may be as high
    as the gap between the rows."""
    if min(box.h - 3.0, box.h * LETTERED) >= _SMALL - 1.0 or layout.gap < _SMALL:
        return None
    width, height = text_width(name, _SMALL, "serif") + 3.0, min(layout.gap, 1.3 * _SMALL)
    if box.w < width + 8.0:
        return None
    return Rect(box.x, box.y + (box.h - height) / 2, width, height)


def collecting_shapes(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """From every step that gets its gradient, an orange line to W as wide as its share."""
    shapes: list[Shape] = []
    if not state.trace.has_gradients or layout.detail != "boxes":
        return shapes
    for number, row in enumerate(layout.rows):
        if row.kind != "state":
            continue
        for part in layout.parts:
            matrix = recurrent_name(state.trace)
            norms = state.trace.get(f"step_norm_{part.prefix}{matrix}_{row.layer}")
            if norms is None or not norms.size:
                continue
            most = largest_finite(norms)
            run = stretch.of_row("backward", row, part.prefix, columns)
            found = norms[run.start - part.start : run.stop - part.start]
            for column, width in zip(run, arrow_widths(found, most, 4.0), strict=True):
                if width > 0.0 and layout.shows(row, column):
                    shapes.append(_share(layout, number, column, width, state.theme.gradient))
    return shapes


@lru_cache(maxsize=8192)
def _share(layout: GraphLayout, number: int, column: int, width: float, color: int) -> Wire:
    """The line from a step's box up to the line of W."""
    row = layout.rows[number]
    x = drop_at(layout, row, column)
    return Wire(((x, row.top), (x, bus_height(layout, row))), color, width, head=False)


_UNTOLD = (
    "W collects a share from every step: in so large a pass their sum is told when all are in",
    "so large a pass: the sum in W is told when all steps are in",
    "the sum in W: at the end",
)


def weight_note(state: ViewState, layout: GraphLayout, done: int) -> tuple[str, ...]:
    """What W is doing now: in words for the header, the longest first."""
    update = state.trace.update
    if state.cursor.phase == "update" and update is not None:
        rule = update_words(update)
        figures = [f"{symbol} = {number}" for symbol, number in update_figures(update)]
        least = (f"{rule},  {figures[0]}", rule)
        if not state.is_readable(len(layout.columns)):
            return least
        change = f"‖ΔW‖ = {short(update.update_norm)}"
        whole = ",  ".join((rule, *figures, change))
        named = f"{rule_name(update.optimizer)}:  {whole},  g = ∂L/∂W"
        return (named, whole, f"{rule},  {figures[0]},  {change}", *least)
    if state.cursor.phase == "backward" and layout.states:
        return _collected_words(state, layout, done)
    return ()


def _collected_words(state: ViewState, layout: GraphLayout, done: int) -> tuple[str, ...]:
    """How long the sum is in the W of the cursor's row, and whether it is complete."""
    operation, spec = state.cursor.operation, state.trace.spec
    row = next((r for r in layout.states if r.layer == operation.layer), layout.states[0])
    part = layout.part_of(state.cursor.column)
    norm, _ = collected(state, row, part, done)
    known = state.timeline.known(done, "backward", "state", row.layer, part.prefix)
    if norm <= 0.0:
        return _UNTOLD if known and is_untold(state, row, part) else ()
    layer = row.depth + 1 if spec.layers > 1 else 0
    mark = PART_MARKS[part.prefix] + Owner(part.prefix, layer, row.reverse).mark
    name, figure = f"{recurrent_name(state.trace)}{mark}", short(norm)
    if len(known) == part.steps:
        forms = [f"{name} has its share of every step:  ‖∂L/∂{name}‖ = {figure}"]
        forms += [f"every step is in:  ‖∂L/∂{name}‖ = {figure}", f"‖∂L/∂{name}‖ = {figure}"]
    else:
        forms = [f"collected in {name} so far:  ‖Σ ∂L/∂{name}‖ = {figure}"]
        forms += [f"‖Σ ∂L/∂{name}‖ so far = {figure}", f"so far ‖Σ ∂L/∂W‖ = {figure}"]
    if spec.gates:
        gates = ", ".join(f"W_h{gate}" for gate in spec.gates)
        forms.insert(0, f"{forms[0]},  {name} being {gates}")
    return (*forms, f"‖{'' if len(known) == part.steps else 'Σ '}∂L/∂W‖ = {figure}")
