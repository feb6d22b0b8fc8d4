"""The colours of roles, in light and in dark: one role, one colour, everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    # The window's frame needs the colours before NumPy is there.
    from rnnviz.scene.colors import ColorScale, MapName

ThemeName = Literal["light", "dark"]
Vision = Literal["typical", "protanopia", "deuteranopia", "tritanopia", "achromatopsia"]
VISIONS: tuple[Vision, ...] = get_args(Vision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Resolved colours (0xAARRGGBB). Roles follow the course figures: x red, h green, y blue."""

    name: ThemeName
    window: int
    panel: int
    line: int
    ink: int
    muted: int
    input: int
    hidden: int
    output: int
    cell: int
    gate: int
    loss: int
    weight: int
    gradient: int
    gradient_faint: int
    selection: int
    accent: int
    good: int
    bad: int
    box: int
    diverging: MapName
    sequential: MapName
    vision: Vision = "typical"

    @property
    def key(self) -> tuple[ThemeName, Vision]:
        """What tells this theme from every other, for pictures kept under a key."""
        return self.name, self.vision

    @property
    def states(self) -> ColorScale:
        """tanh states and candidates: fixed [-1, 1]."""
        return _scale(self.diverging, -1.0, 1.0)

    @property
    def probabilities(self) -> ColorScale:
        """Softmax outputs, gates and attention: fixed [0, 1]."""
        return _scale(self.sequential, 0.0, 1.0)


@cache
def _scale(name: MapName, low: float, high: float) -> ColorScale:
    """The same object again and again: it is part of the keys of pictures."""
    from rnnviz.scene.colors import ColorScale

    return ColorScale(name, low, high)


LIGHT = Theme(
    name="light",
    window=0xFFF6F8FA,
    panel=0xFFFFFFFF,
    line=0xFFD8DEE4,
    ink=0xFF1F2328,
    muted=0xFF57606A,
    input=0xFFD1495B,
    hidden=0xFF1F7A4A,
    output=0xFF2F6FB5,
    cell=0xFF3B82A0,
    gate=0xFF8250B4,
    loss=0xFF6B7480,
    weight=0xFFB7791F,
    gradient=0xFFE07A00,
    gradient_faint=0xFFF5D9B5,
    selection=0xFFFFF7EB,
    accent=0xFF2F6FB5,
    good=0xFF1F7A4A,
    bad=0xFFB3261E,
    box=0xFFF3F5F7,
    diverging="diverging",
    sequential="sequential",
)

DARK = Theme(
    name="dark",
    window=0xFF0D1117,
    panel=0xFF161B22,
    line=0xFF30363D,
    ink=0xFFE6EDF3,
    muted=0xFF9DA7B1,
    input=0xFFFF6B7A,
    hidden=0xFF5ED89B,
    output=0xFF58A6FF,
    cell=0xFF56C2E6,
    gate=0xFFB48EF0,
    loss=0xFFA7B0BA,
    weight=0xFFD9A441,
    gradient=0xFFFF9A2E,
    gradient_faint=0xFF5A3A15,
    selection=0xFF2A2114,
    accent=0xFF58A6FF,
    good=0xFF5ED89B,
    bad=0xFFFF7B72,
    box=0xFF1C2128,
    diverging="diverging-dark",
    sequential="sequential-dark",
)


def theme(name: ThemeName) -> Theme:
    return DARK if name == "dark" else LIGHT
