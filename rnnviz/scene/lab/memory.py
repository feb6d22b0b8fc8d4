"""Memory: how much each output still knows of each input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.lab.matrix import log_legend, log_matrix, log_scale, value_legend
from rnnviz.scene.lab.plot import FOOT, GUTTER, step_labels
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.text_flow import text_flow
from rnnviz.scene.lab.words import from_log10, step_name
from rnnviz.scene.numbers import percent
from rnnviz.scene.shapes import Box, Floats, Label, Picture, Rect
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class MemoryMap:
    """``log10[k, t]`` = log₁₀ ‖∂y_k[class]/∂x_t‖₂ (K, n), ``by_row`` each row by its largest."""

    log10: Floats
    by_row: Floats
    words: tuple[str, ...]
    asked: tuple[str, ...]


def memory_picture(
    found: MemoryMap, theme: Theme, width: float, cursor: int | None, output: int | None
) -> Picture:
    """The text coloured for one output, and the whole matrix."""
    sheet = Sheet(theme, width)
    outputs, inputs = found.log10.shape
    k = output if output is not None else cursor if cursor is not None else outputs - 1
    k = min(k, outputs - 1)
    wanted = found.asked[k] if k < len(found.asked) else ""
    sheet.heading(f"What {step_name('y', k)} remembers")
    sheet.words(
        (f"its desired output {visible_token(wanted)!r}; " if wanted else "")
        + "‖∂y/∂xₜ‖ by input, as share of the strongest; every symbol counts, not only the one read"
    )
    scale = ColorScale(theme.sequential, 0.0, 1.0)
    value_legend(sheet, scale)
    words = found.words or tuple(str(t + 1) for t in range(inputs))
    tips = [
        f"step {t + 1}: {from_log10(float(found.log10[k, t]), 3)}, "
        f"{percent(float(np.nan_to_num(found.by_row[k, t])))} of the strongest"
        for t in range(inputs)
    ]
    shares = np.nan_to_num(found.by_row[k])
    text_flow(sheet, words[:inputs], shares, scale, tips, cursor=cursor)
    _matrix(sheet, found, k)
    best = int(np.nanargmax(shares)) if inputs else 0
    return sheet.picture(
        f"Output {k + 1} depends most on input {best + 1}, "
        f"norm {from_log10(float(found.log10[k, best]))}."
    )


def _matrix(sheet: Sheet, found: MemoryMap, chosen: int) -> None:
    theme = sheet.theme
    outputs, inputs = found.log10.shape
    sheet.heading("‖∂yₖ/∂xₜ‖, raw")
    sheet.words("row: an output, column: an input; log scale")
    scale = log_scale(found.log10, theme)
    log_legend(sheet, scale, zero=True)
    side = min(sheet.inner - GUTTER, 420.0)
    rect = sheet.area(side * min(outputs / inputs, 1.4), GUTTER, sheet.inner - GUTTER - side)
    sheet.add_all(log_matrix(rect, found.log10, scale, theme))
    h = rect.h / outputs
    stride = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if s * h >= 12)
    for k in range(stride - 1, outputs, stride):
        place = Rect(rect.x - GUTTER, rect.y + (k + 0.5) * h - 6.5, GUTTER - 5, 13)
        sheet.add(Label(place, step_name("y", k), theme.output, 10.0, "right"))
    whole = Rect(rect.x - GUTTER, rect.y, rect.w + GUTTER, rect.h)
    sheet.rows(
        whole, outputs, "loss", lambda k: f"{step_name('y', k)}: click to colour the text for it"
    )
    sheet.add(Box(Rect(rect.x - 1, rect.y + chosen * h - 1, rect.w + 2, h + 2), 0, theme.output, 2))
    sheet.add_all(step_labels(rect, inputs, theme, found.words))
    sheet.space(FOOT)
