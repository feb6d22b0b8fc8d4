"""What if: the edited pass against the untouched one, in values, outputs and gradients."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.lab.matrix import value_legend, value_matrix
from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Line,
    cursor_shape,
    exponents,
    frame_shapes,
    line_shapes,
    numbers,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import from_log10, layer_words
from rnnviz.scene.numbers import short, signed
from rnnviz.scene.shapes import Bars, Floats, Label, Picture, Rect
from rnnviz.scene.strips_values import nice_bound
from rnnviz.scene.theme import Theme
from rnnviz.trace import Trace
from rnnviz.trace.many import many

_MOST_KEPT = 6


@dataclass(frozen=True, slots=True, eq=False)
class KeptChange:
    """Edits that were kept by name, made on the same pass: ``divergence`` (T,) as in `Difference`.

    ``divergence`` is empty where they do not fit the pass; ``words`` then say why. ``change``
    (n, H) = h_after − h_before of the layer shown.
    """

    name: str
    words: str
    divergence: Floats
    loss_after: float | None
    change: Floats = field(default_factory=lambda: np.empty((0, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """An edited pass beside the untouched one, for one layer and sequence.

    ``change`` (n, H) = h_after − h_before; ``divergence`` (T,) = KL(p_before ‖ p_after) in nats
    (``entropic``), else ‖y_after − y_before‖₂. ``before_log10``, ``after_log10`` (n,) are
    log₁₀ ‖∂L/∂h_t‖, empty where the pass has no gradients. ``after`` is the edited pass.
    """

    edits: tuple[str, ...]
    layer: str
    change: Floats
    divergence: Floats
    entropic: bool
    loss_before: float | None
    loss_after: float | None
    before_log10: Floats
    after_log10: Floats
    words: tuple[str, ...]
    after: Trace
    kept: tuple[KeptChange, ...] = ()


def difference_picture(
    found: Difference, theme: Theme, width: float, cursor: int | None
) -> Picture:
    """What the edits changed."""
    sheet = Sheet(theme, width)
    if not found.edits:
        if not found.kept:
            sheet.words(
                "Choose a number above and change it: later steps and the whole backward pass are "
                "computed again at once. Training never notices."
            )
        _kept(sheet, found, cursor)
        return sheet.picture("No edit yet.")
    _losses(sheet, found)
    _divergence(sheet, found, cursor)
    _kept(sheet, found, cursor)
    _changes(sheet, found)
    _gradients(sheet, found, cursor)
    return sheet.picture(difference_words(found))


def _losses(sheet: Sheet, found: Difference) -> None:
    if found.loss_before is None or found.loss_after is None:
        return
    change = found.loss_after - found.loss_before
    color = sheet.theme.bad if change > 0 else sheet.theme.good
    sheet.words(
        f"L = {short(found.loss_after, 4)}, was {short(found.loss_before, 4)}: "
        f"{signed(change, 4)}", color if change else None,
    )  # fmt: skip


def _divergence(sheet: Sheet, found: Difference, cursor: int | None) -> None:
    theme, values = sheet.theme, found.divergence
    n = len(values)
    sheet.heading("Outputs: KL(before ‖ after)" if found.entropic else "Outputs: ‖change of y‖₂")
    sheet.words("nats a step" if found.entropic else "Euclidean norm a step")
    rect = sheet.area(0.65 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, n, numbers(values))
    sheet.add_all(frame_shapes(frame, theme))
    tops = frame.py(values)
    pitch = rect.w / n
    gap = min(0.2 * pitch, 6.0)
    rects = np.stack(
        [rect.x + np.arange(n) * pitch + gap / 2, tops, np.full(n, pitch - gap),
         rect.bottom - tops], axis=1,
    )  # fmt: skip
    seen = values > 0
    sheet.add(Bars(rects[seen], np.full(int(seen.sum()), theme.output, np.uint32)))
    sheet.add_all(cursor_shape(frame, cursor, theme))
    sheet.add_all(step_labels(rect, n, theme))
    sheet.columns(rect, n, "step", lambda t: f"step {t + 1}: {short(float(values[t]))}")
    sheet.space(FOOT + 2)


def _kept(sheet: Sheet, found: Difference, cursor: int | None) -> None:
    """The kept edits on one scale: which of them changes the outputs more, and when."""
    theme = sheet.theme
    shown = [each for each in found.kept if len(each.divergence)][:_MOST_KEPT]
    for each in found.kept:
        if not len(each.divergence):
            sheet.words(f"{each.name}: {each.words}", theme.bad)
    if not shown:
        return
    colors = (theme.gradient, theme.hidden, theme.gate, theme.weight, theme.input, theme.cell)
    steps = max(len(each.divergence) for each in shown)
    lines = [
        Line(
            each.name, np.arange(len(each.divergence), dtype=np.float64), each.divergence,
            colors[place], dashed=bool(place % 2),
        )
        for place, each in enumerate(shown)
    ]  # fmt: skip
    sheet.heading("Kept edits compared")
    sheet.words("KL of the same pass, nats a step" if found.entropic else "‖change of y‖₂ a step")
    sheet.legend(line.entry for line in lines)
    rect = sheet.area(0.65 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, steps, numbers(*(line.y for line in lines)))
    sheet.add_all(frame_shapes(frame, theme))
    for line in lines:
        sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(cursor_shape(frame, cursor, theme))
    sheet.add_all(step_labels(rect, steps, theme))

    def tip(t: int) -> str:
        said = (f"{line.name}: {short(float(line.y[t]))}" for line in lines if t < len(line.y))
        return "\n".join((f"step {t + 1}", *said))

    sheet.columns(rect, steps, "step", tip)
    sheet.space(FOOT + 2)
    for each, line in zip(shown, lines, strict=True):
        sheet.words(kept_words(each, found), line.color)
    fitting = sum(1 for each in found.kept if len(each.divergence))
    if fitting > len(shown):
        sheet.words(f"the first {len(shown)} of {fitting} sets are drawn")


def kept_words(kept: KeptChange, found: Difference) -> str:
    """One set of kept edits in a sentence."""
    text = f"{kept.name} ({kept.words})"
    if kept.loss_after is not None and found.loss_before is not None:
        change = kept.loss_after - found.loss_before
        text += f": L = {short(kept.loss_after, 4)}, {signed(change, 3)}"
    return f"{text}; outputs change most at step {int(kept.divergence.argmax()) + 1}"


def _changes(sheet: Sheet, found: Difference) -> None:
    theme = sheet.theme
    table = found.change.T
    units, steps = table.shape
    largest = float(np.abs(table[np.isfinite(table)]).max(initial=0.0))
    sheet.heading(f"Change of h, {layer_words(found.layer)}: after − before")
    touched = int((np.abs(found.change).max(axis=1) > 0).sum())
    sheet.words(f"units as rows; {touched} of {many(steps, 'step')} changed")
    bound = nice_bound(largest)
    scale = ColorScale(theme.diverging, -bound, bound)
    value_legend(sheet, scale)
    height = min(max(16.0 * min(units, 12), 60.0), 200.0)
    rect = sheet.area(height, GUTTER)
    sheet.add_all(value_matrix(rect, table, scale, theme))
    sheet.add_all(step_labels(rect, steps, theme, found.words))
    for unit in {0, units - 1}:
        y = rect.y + (unit + 0.5) * rect.h / units - 6
        place = Rect(rect.x - GUTTER, y, GUTTER - 5, 12)
        sheet.add(Label(place, str(unit + 1), theme.muted, 9.0, "right"))
    sheet.space(FOOT + 2)


def _gradients(sheet: Sheet, found: Difference, cursor: int | None) -> None:
    theme, n = sheet.theme, len(found.after_log10)
    if not n:
        return
    x = np.arange(n, dtype=np.float64)
    before = Line("before", x, found.before_log10, theme.muted, dashed=True)
    after = Line("after", x, found.after_log10, theme.gradient)
    sheet.heading(f"‖∂L/∂h‖, {layer_words(found.layer)}, total")
    sheet.legend((before.entry, after.entry))
    rect = sheet.area(0.8 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, n, exponents(before.y, after.y))
    sheet.add_all(frame_shapes(frame, theme))
    for line in (before, after):
        sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(cursor_shape(frame, cursor, theme))
    sheet.add_all(step_labels(rect, n, theme, found.words))

    def tip(t: int) -> str:
        return (
            f"step {t + 1}: {from_log10(float(before.y[t]), 3)} before, "
            f"{from_log10(float(after.y[t]), 3)} after"
        )

    sheet.columns(rect, n, "step", tip)
    sheet.space(FOOT)


def difference_words(found: Difference) -> str:
    """The figure in one sentence."""
    text = f"{many(len(found.edits), 'edit')}: {'; '.join(found.edits)}."
    if found.loss_before is not None and found.loss_after is not None:
        text += f" The loss goes from {short(found.loss_before)} to {short(found.loss_after)}."
    worst = int(found.divergence.argmax())
    return f"{text} The outputs change most at step {worst + 1}."
