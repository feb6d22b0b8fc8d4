"""How the program's colours look to eyes that tell fewer of them apart.

Protan, deutan and tritan vision by the matrices of Machado, Oliveira and Fernandes (2009, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", table 1, severity 1.0),
applied in linear RGB; achromatopsia as relative luminance (Rec. 709).
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.theme import Theme, Vision

_MATRICES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "achromatopsia": ((0.2126, 0.7152, 0.0722),) * 3,
}


def seen(colors: NDArray[np.uint32], vision: Vision) -> NDArray[np.uint32]:
    """0xAARRGGBB colours of any shape as `vision` sees them; the alpha stays."""
    if vision == "typical":
        return colors
    shifts = np.array([16, 8, 0], dtype=np.uint32)
    rgb = (colors[..., None] >> shifts & np.uint32(0xFF)) / 255.0
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    mixed = np.clip(linear @ np.array(_MATRICES[vision]).T, 0.0, 1.0)
    coded = np.where(mixed <= 0.0031308, mixed * 12.92, 1.055 * mixed ** (1 / 2.4) - 0.055)
    parts = np.rint(coded * 255).astype(np.uint32) << shifts
    result: NDArray[np.uint32] = (colors & np.uint32(0xFF000000)) | parts.sum(-1, dtype=np.uint32)
    return result


@cache
def seen_theme(theme: Theme, vision: Vision) -> Theme:
    """The theme with every colour, and both colour maps, as `vision` sees them."""
    if vision == "typical":
        return theme
    roles: dict[str, Any] = {
        field.name: int(seen(np.array(value, dtype=np.uint32), vision))
        for field in fields(theme)
        if isinstance(value := getattr(theme, field.name), int)
    }
    return replace(
        theme,
        **roles,
        vision=vision,
        diverging=f"{theme.diverging}:{vision}",
        sequential=f"{theme.sequential}:{vision}",
    )
