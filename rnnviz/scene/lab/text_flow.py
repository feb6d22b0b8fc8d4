"""Tokens as running text, each on a ground that carries a value."""

from __future__ import annotations

from collections.abc import Sequence

from rnnviz.scene.colors import ColorScale, ink_on
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.shapes import Box, Floats, Label, Rect
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import elided, text_width

_SIZE = 12.0
_LINE = 19.0
_MOST = 2000


def text_flow(
    sheet: Sheet,
    tokens: Sequence[str],
    values: Floats,
    scale: ColorScale,
    tips: Sequence[str],
    *,
    node: str = "step",
    framed: range = range(0),
    cursor: int | None = None,
) -> None:
    """Line by line; a line break in the text breaks the line after its sign.

    `values` (n,) colour the grounds, `framed` tokens are underlined, hits are ``node@t``.
    """
    theme = sheet.theme
    x = MARGIN
    colors = scale.colors(values[:_MOST])
    spaced = any(len(token) > 1 for token in tokens[:200])
    for t, token in enumerate(tokens[:_MOST]):
        shown = elided(visible_token(token), _SIZE, sheet.inner)
        wide = max(text_width(shown, _SIZE) + (5.0 if spaced else 1.5), 8.0)
        if x + wide > sheet.width - MARGIN:
            x = MARGIN
            sheet.y += _LINE
        color = int(colors[t])
        rect = Rect(x, sheet.y, wide, _LINE - 2)
        sheet.add(Box(rect, color), Label(rect, shown, ink_on(color), _SIZE))
        if t in framed:
            sheet.add(Box(Rect(x, rect.bottom - 2, wide, 2.5), theme.gradient))
        if t == cursor:
            sheet.add(Box(rect, 0, theme.accent, 1.5))
        sheet.hit(rect, f"{node}@{t}" if node else "", tips[t])
        x += wide
        if token == "\n":
            x = MARGIN
            sheet.y += _LINE
    sheet.y += _LINE + 3
    if len(tokens) > _MOST:
        sheet.words(f"the first {_MOST} of {len(tokens)} tokens", size=9.5)
