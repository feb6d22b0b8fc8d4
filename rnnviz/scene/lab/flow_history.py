"""How the gradient's path changed while training: iterations as rows, steps as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.matrix import log_legend, log_matrix, log_scale
from rnnviz.scene.lab.plot import FOOT, GUTTER, step_labels
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import from_log10, layer_words
from rnnviz.scene.numbers import grouped
from rnnviz.scene.shapes import Floats, Label, Picture, Rect
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many

_MOST_HITS = 200


@dataclass(frozen=True, slots=True, eq=False)
class FlowHistory:
    """``log10[i, t]`` = log₁₀ ‖∂L/∂h_t‖ of the pass shown at ``iterations[i]``, oldest first."""

    layer: str
    iterations: tuple[int, ...]
    log10: Floats


def history_picture(history: FlowHistory, theme: Theme, width: float) -> Picture:
    """The newest iteration is the lowest row; every row is a pass that was on the stage."""
    sheet = Sheet(theme, width)
    sheet.heading(f"‖∂L/∂h‖ while training, {layer_words(history.layer)}")
    first, last = history.iterations[0], history.iterations[-1]
    count = len(history.iterations)
    if count == 1:
        sheet.words(f"the pass of iteration {grouped(last)}: the sequence in view")
    else:
        sheet.words(
            f"{count} passes of iterations {grouped(first)} to {grouped(last)}; "
            "each row the sequence then in view"
        )
    scale = log_scale(history.log10, theme)
    log_legend(sheet, scale, zero=bool(np.isneginf(history.log10).any()))
    rect = sheet.area(min(max(1.3 * sheet.plot_height, 6.0 * min(count, 60)), 300.0), GUTTER)
    sheet.add_all(log_matrix(rect, history.log10, scale, theme))
    steps = history.log10.shape[1]
    sheet.add_all(step_labels(rect, steps, theme))
    h = rect.h / count
    stride = max(1, int(np.ceil(13 / h)))
    for row in range(0, count, stride):
        place = Rect(rect.x - GUTTER - 2, rect.y + (row + 0.5) * h - 6, GUTTER - 2, 12)
        sheet.add(Label(place, grouped(history.iterations[row]), theme.muted, 9.0, "right"))
    for row in range(0, count, max(1, count // _MOST_HITS)):
        values = history.log10[row]
        tip = (
            f"iteration {grouped(history.iterations[row])}: "
            f"{from_log10(float(values.min()))} to {from_log10(float(values.max()))}"
        )
        sheet.hit(Rect(rect.x, rect.y + row * h, rect.w, max(h, 1.0)), "", tip)
    sheet.space(FOOT)
    return sheet.picture(
        f"Gradient norms of {many(count, 'pass', 'passes')} of iterations {grouped(first)} to "
        f"{grouped(last)}."
    )
