"""Bars that add up: each loss's signed projection on the total gradient of a state."""

from __future__ import annotations

import colorsys

import numpy as np

from rnnviz.scene.color_vision import seen
from rnnviz.scene.lab.plot import FOOT, GUTTER, frame_shapes, numbers, step_labels, steps_frame
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.words import from_log10, step_name
from rnnviz.scene.shapes import Bars, Floats, Label, Rect
from rnnviz.scene.theme import Theme

_MOST_PARTS = 24


def stacked_bars(
    sheet: Sheet,
    shares: Floats,
    log10_total: Floats,
    words: tuple[str, ...],
    part: str,
    loss: int | None,
) -> None:
    """One bar a state: shares of ‖∂L/∂h_t‖, up where a loss adds to it and down where it takes.

    Shares of each state's own total (the sum up minus the sum down is 1), so that vanished
    states can be read as well as strong ones; the total stands in the tip.
    """
    theme = sheet.theme
    sheet.heading(f"Signed shares of ‖∂L/∂{part}ₜ‖, by loss")
    sheet.words("projections on the total gradient, as parts of it: up minus down is 1")
    pieces, edges = grouped_shares(shares)
    count, steps = pieces.shape
    colors = loss_colors(count, theme)
    up = np.where(pieces > 0, pieces, 0.0)
    down = np.where(pieces < 0, pieces, 0.0)
    rect = sheet.area(sheet.plot_height, GUTTER)
    span = numbers(up.sum(axis=0), down.sum(axis=0))
    frame = steps_frame(rect, steps, span)
    sheet.add_all(frame_shapes(frame, theme, one=1.0))
    pitch = rect.w / steps
    gap = min(0.15 * pitch, 6.0)
    for half in (up, down):
        ends = np.cumsum(half, axis=0)
        starts = ends - half
        for k in range(count):
            there = half[k] != 0
            if not there.any():
                continue
            a, b = frame.py(starts[k][there]), frame.py(ends[k][there])
            x = rect.x + np.flatnonzero(there) * pitch + gap / 2
            rects = np.stack(
                [x, np.minimum(a, b), np.full(len(x), pitch - gap), np.abs(a - b)], axis=1
            )
            seen = rects[:, 3] >= 0.4
            chosen = loss is None or edges[k] <= loss < edges[k + 1]
            color = colors[k] if chosen else theme.line
            sheet.add(Bars(rects[seen], np.full(int(seen.sum()), color, np.uint32)))
    sheet.add_all(step_labels(rect, steps, theme, words))

    def tip(t: int) -> str:
        strongest = int(np.abs(shares[:, t]).argmax())
        return (
            f"‖∂L/∂{step_name(part, t)}‖ = {from_log10(float(log10_total[t]), 3)}; most from "
            f"{step_name('L', strongest)}: {100 * float(shares[strongest, t]):+.0f} %"
        )

    sheet.columns(rect, steps, "state", tip)
    sheet.space(FOOT)
    _loss_legend(sheet, colors, edges[-1])


def _loss_legend(sheet: Sheet, colors: list[int], losses: int) -> None:
    """A patch of colour for every loss, or for every group of neighbouring ones."""
    theme, count = sheet.theme, len(colors)
    first, last = step_name("L", 0), step_name("L", losses - 1)
    wide = min(12.0, (sheet.inner - 110) / count)
    x, y = MARGIN + 20, sheet.y + 3
    rects = np.array([[x + k * wide, y, wide - (1 if wide > 4 else 0), 9.0] for k in range(count)])
    end = x + count * wide + 5
    groups = "" if count == losses else f"  ({count} groups)"
    sheet.add(
        Label(Rect(MARGIN, y - 2, 18, 13), first, theme.muted, 10.0, "left"),
        Bars(rects, np.array(colors, np.uint32)),
        Label(Rect(end, y - 2, 120, 13), last + groups, theme.muted, 10.0, "left"),
    )
    sheet.y += 17


def grouped_shares(shares: Floats) -> tuple[Floats, list[int]]:
    """Losses in at most 24 neighbouring groups, added up: (groups, n), and the groups' edges."""
    losses = shares.shape[0]
    groups = min(losses, _MOST_PARTS)
    edges = np.linspace(0, losses, groups + 1).astype(int)
    return np.add.reduceat(shares, edges[:-1], axis=0), [int(e) for e in edges]


def loss_colors(count: int, theme: Theme) -> list[int]:
    """A colour for every group of losses, from early (dark violet) to late (light yellow)."""
    colors = []
    for k in range(count):
        place = k / max(count - 1, 1)
        hue = (0.78 - 0.66 * place) % 1.0
        light = 0.34 + 0.28 * place + (0.08 if theme.name == "dark" else 0.0)
        r, g, b = colorsys.hls_to_rgb(hue, light, 0.62)
        colors.append(0xFF000000 | round(r * 255) << 16 | round(g * 255) << 8 | round(b * 255))
    shown = seen(np.array(colors, dtype=np.uint32), theme.vision)
    return [int(color) for color in shown]
