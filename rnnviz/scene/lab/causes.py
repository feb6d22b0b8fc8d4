"""Who caused it: every loss's gradient at every state, and how the losses add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.cause_bars import stacked_bars
from rnnviz.scene.lab.matrix import log_legend, log_matrix, log_scale
from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Line,
    cursor_shape,
    exponents,
    frame_shapes,
    line_shapes,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import from_log10, layer_words, step_name
from rnnviz.scene.shapes import Box, Floats, Hit, Label, Picture, Rect
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many


@dataclass(frozen=True, slots=True, eq=False)
class Causes:
    """‖∂L_k/∂h_t‖ of one layer and sequence: ``log10[k, t]`` (K, n), unmasked, −∞ exact zero;
    ``drawn`` is the same, or of a large matrix the greatest of each block (`pooled`).

    ``projections[k, t]`` = ⟨m_k g_{k,t}, δ_t⟩/‖δ_t‖ (signed, columns add up to ‖δ_t‖);
    ``log10_total[t]`` = log₁₀ ‖δ_t‖. ``counted[k]`` says whether loss k is part of L.
    """

    layer: str
    part: str
    log10: Floats
    drawn: Floats
    shares: Floats
    log10_total: Floats
    counted: tuple[bool, ...]
    words: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MatrixPicture(Picture):
    """A picture with a matrix of K × n places, found by arithmetic instead of listed."""

    causes: Causes | None = None
    matrix: Rect | None = None

    def hit(self, x: float, y: float) -> Hit | None:
        found = Picture.hit(self, x, y)
        matrix = self.matrix
        if found is not None or self.causes is None or matrix is None:
            return found
        if not matrix.contains(x, y):
            return None
        rows, columns = self.causes.log10.shape
        k = min(int((y - matrix.y) / matrix.h * rows), rows - 1)
        t = min(int((x - matrix.x) / matrix.w * columns), columns - 1)
        w, h = matrix.w / columns, matrix.h / rows
        rect = Rect(matrix.x + t * w, matrix.y + k * h, w, h)
        value = from_log10(float(self.causes.log10[k, t]), 3)
        share = 100 * float(self.causes.shares[k, t])
        tip = (
            f"‖∂{step_name('L', k)}/∂{step_name(self.causes.part, t)}‖ = {value}\n"
            f"{share:+.1f} % of the total at {step_name(self.causes.part, t)}"
        )
        return Hit(rect, f"cell@{k},{t}", tip)


def causes_picture(
    causes: Causes,
    theme: Theme,
    width: float,
    cursor: int | None,
    loss: int | None,
    state: int | None,
) -> MatrixPicture:
    """The matrix, the stacked bars, and the walk of one loss or the sources of one state."""
    sheet = Sheet(theme, width)
    part = causes.part
    sheet.heading(f"‖∂Lₖ/∂{part}ₜ‖, {layer_words(causes.layer)}: who caused it")
    sheet.words(f"row: the loss of step k, alone; column: the state {part} of step t; log scale")
    scale = log_scale(causes.drawn, theme)
    log_legend(sheet, scale, zero=True)
    rows, columns = causes.log10.shape
    side = min(sheet.inner - GUTTER, 420.0)
    rect = sheet.area(side * min(rows / columns, 1.4), GUTTER, sheet.inner - GUTTER - side)
    sheet.add_all(log_matrix(rect, causes.drawn, scale, theme))
    _row_names(sheet, rect, causes)
    sheet.add_all(step_labels(rect, columns, theme, causes.words))
    _selection(sheet, rect, causes, loss, state)
    sheet.space(FOOT + 2)
    matrix = rect
    if loss is not None and loss < rows:
        _walk(sheet, causes, loss, cursor)
    elif state is not None and state < columns:
        _sources(sheet, causes, state)
    else:
        sheet.words(
            "Click a row's name: its loss walks back through the graph. Or a cell.", theme.accent
        )
    stacked_bars(sheet, causes.shares, causes.log10_total, causes.words, part, loss)
    done = sheet.picture(causes_words(causes))
    return MatrixPicture(
        done.width, done.height, done.background, done.layers, done.hits, done.summary,
        causes, matrix,
    )  # fmt: skip


def _row_names(sheet: Sheet, rect: Rect, causes: Causes) -> None:
    """Names of the losses at the left; each is a place to click."""
    rows = causes.log10.shape[0]
    h = rect.h / rows
    stride = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if s * h >= 12)
    for k in range(stride - 1, rows, stride):
        place = Rect(rect.x - GUTTER, rect.y + (k + 0.5) * h - 6.5, GUTTER - 5, 13)
        color = sheet.theme.ink if causes.counted[k] else sheet.theme.muted
        sheet.add(Label(place, step_name("L", k), color, 10.0, "right"))

    def loss_tip(k: int) -> str:
        uncounted = "" if causes.counted[k] else " (not counted in L)"
        return f"loss of step {k + 1}: click to follow it back{uncounted}"

    sheet.rows(Rect(rect.x - GUTTER, rect.y, GUTTER, rect.h), rows, "loss", loss_tip)
    foot = Rect(rect.x, rect.bottom, rect.w, FOOT)
    sheet.columns(
        foot,
        causes.log10.shape[1],
        "state",
        lambda t: f"{step_name(causes.part, t)}: which losses reach it",
    )


def _selection(
    sheet: Sheet, rect: Rect, causes: Causes, loss: int | None, state: int | None
) -> None:
    rows, columns = causes.log10.shape
    if loss is not None and loss < rows:
        h = rect.h / rows
        row = Rect(rect.x - 1, rect.y + loss * h - 1, rect.w + 2, h + 2)
        sheet.add(Box(row, 0, sheet.theme.gradient, 2.0))
    if state is not None and state < columns:
        w = rect.w / columns
        column = Rect(rect.x + state * w - 1, rect.y - 1, w + 2, rect.h + 2)
        sheet.add(Box(column, 0, sheet.theme.hidden, 2.0))


def _walk(sheet: Sheet, causes: Causes, loss: int, cursor: int | None) -> None:
    """The gradient horizon: how far back one loss is felt."""
    theme, part = sheet.theme, causes.part
    row = causes.log10[loss]
    horizon = gradient_horizon(row)
    target = f" (target {causes.targets[loss]!r})" if loss < len(causes.targets) else ""
    sheet.heading(f"{step_name('L', loss)}{target} walks back")
    said = f"‖∂{step_name('L', loss)}/∂{part}ₜ‖, this loss alone"
    if horizon is not None:
        said += f"; felt at 1 % of its largest over {horizon} of {len(row)} steps"
    sheet.words(said)
    rect = sheet.area(0.8 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, len(row), exponents(row))
    sheet.add_all(frame_shapes(frame, theme))
    line = Line("", np.arange(len(row), dtype=np.float64), row, theme.gradient)
    sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(cursor_shape(frame, cursor, theme))
    sheet.add_all(step_labels(rect, len(row), theme, causes.words))
    sheet.space(FOOT + 4)


def gradient_horizon(row: Floats) -> int | None:
    """At how many states one loss's gradient is at least 1 % of its largest; None if it is 0."""
    finite = row[np.isfinite(row)]
    if not len(finite):
        return None
    return int((row >= finite.max() - 2.0).sum())


def _sources(sheet: Sheet, causes: Causes, state: int) -> None:
    """Which losses reach one state: a column of the matrix as a curve over k."""
    theme = sheet.theme
    column = causes.log10[:, state]
    sheet.heading(f"What reaches {step_name(causes.part, state)}")
    reached = int(np.isfinite(column).sum())
    sheet.words(
        f"{reached} of {len(column)} losses; the strongest is "
        f"{step_name('L', int(column.argmax()))} with {from_log10(float(column.max()))}"
        if reached
        else "no loss reaches this state: its gradient is exactly 0"
    )
    rect = sheet.area(0.8 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, len(column), exponents(column))
    sheet.add_all(frame_shapes(frame, theme))
    line = Line("", np.arange(len(column), dtype=np.float64), column, theme.hidden)
    sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(step_labels(rect, len(column), theme))
    sheet.space(FOOT + 4)


def causes_words(causes: Causes) -> str:
    """The figure in one sentence."""
    rows, columns = causes.log10.shape
    corner = from_log10(float(causes.log10[-1, 0]))
    return (
        f"Norms of {many(rows, 'loss', 'losses')} at {many(columns, 'state')} of "
        f"{layer_words(causes.layer)}; "
        f"the last loss at the first state: {corner}."
    )
