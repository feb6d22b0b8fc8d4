"""What a unit does, on average, when a token is read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.numbers import grouped, short, signed_short
from rnnviz.scene.shapes import Bars, Box, Floats, Label, Picture, Rect, Wire
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import elided, text_width
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many

_MOST = 16
_ROW = 17.0
_NUMBER, _COUNT = 10.0, 9.0


@dataclass(frozen=True, slots=True, eq=False)
class UnitResponse:
    """Of one unit, by token (W,): mean of h_t − h_{t−1}; ``quantiles`` (5, W); ``count`` (W,)."""

    layer: str
    unit: int
    tokens: tuple[str, ...]
    mean: Floats
    quantiles: Floats
    count: Floats


def response_picture(found: UnitResponse, theme: Theme, width: float) -> Picture:
    """The tokens that move the unit most, up and down, with their spread."""
    sheet = Sheet(theme, width)
    sheet.heading(f"Unit {found.unit + 1} of {layer_words(found.layer)} when a token is read")
    sheet.words("mean change hₜ − hₜ₋₁; line: 9 to 91 % of its occurrences in this batch")
    order = np.argsort(-found.mean, kind="stable")
    if len(order) > _MOST:
        order = np.concatenate([order[: _MOST // 2], order[-_MOST // 2 :]])
        each = _MOST // 2
        said = f"the {each} highest and the {each} lowest"
        sheet.words(f"{said} of {len(found.mean)} tokens", size=9.5)
    spread = found.quantiles[[0, 4]][:, order]
    bound = max(float(np.abs(spread).max(initial=0.0)),
                float(np.abs(found.mean).max(initial=0.0)), 1e-9) * 1.05  # fmt: skip
    # Small changes are written with a power of ten: the bars leave the room that it takes.
    numbers = max(text_width(signed_short(float(found.mean[k])), _NUMBER) for k in order)
    counts = max(text_width(_times(found, k), _COUNT) for k in order)
    left, right = MARGIN + 46 + max(counts, 28.0), sheet.width - MARGIN - numbers - 4
    middle, half = (left + right) / 2, (right - left) / 2
    top = sheet.y
    for token in order.tolist():
        _row(sheet, found, token, middle, half / bound, numbers)
    axis = ((middle, top - 2), (middle, sheet.y))
    sheet.add(Wire(axis, theme.muted, 1.0, head=False))
    best, worst = int(found.mean.argmax()), int(found.mean.argmin())
    return sheet.picture(
        f"Unit {found.unit + 1} rises most at {visible_token(found.tokens[best])!r} "
        f"and falls most at {visible_token(found.tokens[worst])!r}."
    )


def _row(
    sheet: Sheet, found: UnitResponse, token: int, middle: float, scale: float, numbers: float
) -> None:
    theme, y = sheet.theme, sheet.y
    mean = float(found.mean[token])
    low, high = (float(found.quantiles[q, token]) for q in (0, 4))
    count = int(found.count[token])
    times = _times(found, token)
    wide = max(text_width(times, _COUNT), 28.0)
    name = f"{visible_token(found.tokens[token])}"
    end = middle + mean * scale
    color = theme.hidden if mean >= 0 else theme.bad
    sheet.add(
        Label(Rect(MARGIN, y, 40, 15), elided(name, 12.0, 40), theme.input, 12.0, "right"),
        Label(Rect(MARGIN + 42, y, wide, 15), times, theme.muted, _COUNT, "left"),
        Bars(np.array([[min(middle, end), y + 3, max(abs(end - middle), 1.0), 9.0]]),
             np.array([color], np.uint32)),
        Box(Rect(middle + low * scale, y + 7, max((high - low) * scale, 1.0), 1.2), theme.ink),
        Label(Rect(sheet.width - MARGIN - numbers, y, numbers, 15), signed_short(mean), theme.ink,
              _NUMBER, "right"),
    )  # fmt: skip
    tip = (
        f"{name!r}, read {many(count, 'time')}: mean {signed_short(mean)}, "
        f"9 to 91 %: {short(low)} to {short(high)}"
    )
    sheet.hit(Rect(MARGIN, y, sheet.inner, _ROW), "", tip)
    sheet.y += _ROW


def _times(found: UnitResponse, token: int) -> str:
    """How often a token is read."""
    return f"×{grouped(int(found.count[token]))}"
