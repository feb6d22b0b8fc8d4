"""Eigenvalues of the recurrent weights in the complex plane, with the unit circle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.numbers import short, tick_text, ticks
from rnnviz.scene.shapes import Box, Curve, Floats, Label, Picture, Rect, Wire
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

_AROUND = 52.0
"""Above and below a plane: its block and two numbers, and the numbers of its axis."""
_BOUNDS = (1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0)
_CIRCLE = np.linspace(0.0, 2 * math.pi, 121)


@dataclass(frozen=True, slots=True, eq=False)
class BlockSpectrum:
    """One H×H block: its eigenvalues (H,), largest first, and its largest singular value."""

    block: str
    eigenvalues: NDArray[np.complex128]
    largest_singular_value: float


@dataclass(frozen=True, slots=True, eq=False)
class WeightSpectra:
    """Every recurrent block of a layer; `trail` are earlier eigenvalues, oldest first.

    ``decides_too`` says what else scales the step from state to state (``the gates decide, too``);
    empty where W_hh and φ are all there is, so that σ₁ alone allows a conclusion.
    """

    layer: str
    blocks: tuple[BlockSpectrum, ...]
    trail: tuple[tuple[BlockSpectrum, ...], ...] = ()
    decides_too: str = ""


def eigenvalues_picture(spectra: WeightSpectra, theme: Theme, width: float) -> Picture:
    """Each block in a plane of its own, all planes with the same axes."""
    sheet = Sheet(theme, width)
    sheet.heading(f"Eigenvalues of the recurrent weights, {layer_words(spectra.layer)}")
    sheet.words(
        "dots: eigenvalues λ, faint: earlier iterations; dashed: the unit circle. "
        f"Singular values are another matter: {_conclusion(spectra)}"
    )
    largest = max(
        (float(np.abs(block.eigenvalues).max(initial=0.0)) for block in spectra.blocks),
        default=1.0,
    )
    bound = _nice(max(1.15, largest * 1.08))
    count = len(spectra.blocks)
    across = 1 if sheet.inner < 330 or count == 1 else 2
    side = min((sheet.inner - 10 * (across - 1)) / across, 320.0)
    top = sheet.y
    for number, block in enumerate(spectra.blocks):
        x = 10.0 + (number % across) * (side + 10)
        y = top + (number // across) * (side + _AROUND)
        earlier = [step[number] for step in spectra.trail if number < len(step)]
        _plane(sheet, Rect(x, y + 30, side, side), block, earlier, bound)
        sheet.y = y + side + _AROUND
    return sheet.picture(eigenvalue_words(spectra))


def _conclusion(spectra: WeightSpectra) -> str:
    """What σ₁ alone says about the gradient."""
    if spectra.decides_too:
        return f"in a vanilla cell σ₁ < 1 suffices for vanishing, here {spectra.decides_too}"
    return "σ₁ < 1 suffices for vanishing"


def _plane(
    sheet: Sheet, rect: Rect, block: BlockSpectrum, earlier: list[BlockSpectrum], bound: float
) -> None:
    theme = sheet.theme
    radius = float(np.abs(block.eigenvalues).max(initial=0.0))
    said = f"max |λ| = {short(radius)}   σ₁ = {short(block.largest_singular_value)}"
    sheet.add(
        Label(Rect(rect.x, rect.y - 30, rect.w, 15), block.block, theme.weight, 11.0, "left",
              bold=True),
        Label(Rect(rect.x, rect.y - 15, rect.w, 14), said, theme.muted, 10.0, "left"),
        Box(rect, 0, theme.line),
    )  # fmt: skip
    cx, cy = rect.center
    scale = rect.w / 2 / bound
    sheet.add(
        Wire(((rect.x, cy), (rect.right, cy)), theme.line, 1.0, head=False),
        Wire(((cx, rect.y), (cx, rect.bottom)), theme.line, 1.0, head=False),
    )
    circle = np.stack([cx + scale * np.cos(_CIRCLE), cy - scale * np.sin(_CIRCLE)], axis=1)
    found = ticks(-bound, bound, 6)
    for value in found:
        if value:
            text = tick_text(value, found[1] - found[0])
            at, wide = cx + scale * value, text_width(text, 8.5) + 2
            left = min(max(at - wide / 2, rect.x), rect.right - wide)
            # Below the plane, where no eigenvalue can lie: one at −1 is what one looks for.
            sheet.add(
                Box(Rect(at - 0.5, rect.bottom, 1, 3), theme.line),
                Label(Rect(left, rect.bottom + 3, wide, 11), text, theme.muted, 8.5),
            )
    for age, old in enumerate(earlier):
        alpha = round(30 + 90 * (age + 1) / (len(earlier) + 1))
        _dots(sheet, _points(old.eigenvalues, cx, cy, scale), alpha << 24 | theme.weight & 0xFFFFFF,
              2.5)  # fmt: skip
    _dots(sheet, _points(block.eigenvalues, cx, cy, scale), theme.gradient, 5.0)
    sheet.add(Curve(circle, theme.muted, 1.2, dashed=True))
    inside = int((np.abs(block.eigenvalues) < 1).sum())
    tip = f"{block.block}: {inside} of {len(block.eigenvalues)} eigenvalues inside the unit circle"
    sheet.hit(rect, "", tip)


def _points(values: NDArray[np.complex128], cx: float, cy: float, scale: float) -> Floats:
    return np.stack([cx + scale * values.real, cy - scale * values.imag], axis=1)


def _dots(sheet: Sheet, points: Floats, color: int, size: float) -> None:
    for x, y in points.tolist():
        sheet.add(Box(Rect(x - size / 2, y - size / 2, size, size), color, radius=size / 2))


def _nice(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(f * power for f in _BOUNDS if f * power >= value)


def eigenvalue_words(spectra: WeightSpectra) -> str:
    """The figure in one sentence."""
    parts = [
        f"{b.block}: largest |λ| {short(float(np.abs(b.eigenvalues).max(initial=0.0)))}, "
        f"largest singular value {short(b.largest_singular_value)}"
        for b in spectra.blocks
    ]
    return "; ".join(parts) + "."
