"""Gate saturation: how often each unit is shut, against how often it is wide open."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.numbers import percent
from rnnviz.scene.shapes import Box, Floats, Label, Picture, Rect, Wire
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many


@dataclass(frozen=True, slots=True, eq=False)
class GateSaturation:
    """Of one gate or state, by unit (H,): shares of steps below and above the two thresholds."""

    name: str
    left: Floats
    right: Floats
    low: str
    high: str


@dataclass(frozen=True, slots=True, eq=False)
class SaturationScatter:
    """Every gate of a layer and its hidden state; ``steps`` counted over ``batch`` sequences."""

    layer: str
    gates: tuple[GateSaturation, ...]
    steps: int
    batch: int


def saturation_picture(found: SaturationScatter, theme: Theme, width: float) -> Picture:
    """One small square a gate; a unit always at its end lies on the diagonal."""
    sheet = Sheet(theme, width)
    sheet.heading(f"Saturation, {layer_words(found.layer)}")
    sheet.words(
        f"each dot a unit: across, its share of steps at the low end; up, at the high end; "
        f"{many(found.steps, 'step')} × {many(found.batch, 'sequence')}"
    )
    across = max(1, min(len(found.gates), int(sheet.inner // 130), 4))
    side = min((sheet.inner - 14 * (across - 1)) / across - 22, 190.0)
    top = sheet.y
    for number, gate in enumerate(found.gates):
        x = 10.0 + 20 + (number % across) * (side + 36)
        y = top + (number // across) * (side + 50)
        _scatter(sheet, Rect(x, y + 18, side, side), gate)
        sheet.y = y + side + 50
    return sheet.picture(saturation_words(found))


def _scatter(sheet: Sheet, rect: Rect, gate: GateSaturation) -> None:
    theme = sheet.theme
    color = theme.hidden if gate.name.startswith("h") else theme.gate
    sheet.add(
        Label(Rect(rect.x, rect.y - 17, rect.w, 15), gate.name, color, 11.0, "left", bold=True),
        Box(rect, 0, theme.line),
        Wire(((rect.x, rect.y), (rect.right, rect.bottom)), theme.line, 1.0, head=False,
             dashed=True),
        Label(Rect(rect.x, rect.bottom + 1, rect.w, 12), f"share {gate.low}", theme.muted, 9.0),
        Label(Rect(rect.x - 22, rect.y - 3, 20, 12), "1", theme.muted, 9.0, "right"),
        Label(Rect(rect.x - 22, rect.bottom - 10, 20, 12), "0", theme.muted, 9.0, "right"),
        Label(Rect(rect.x, rect.bottom + 12, rect.w, 12), f"up: share {gate.high}", theme.muted,
              9.0),
    )  # fmt: skip
    for unit, (left, right) in enumerate(zip(gate.left, gate.right, strict=True)):
        x = rect.x + float(left) * rect.w
        y = rect.bottom - float(right) * rect.h
        sheet.add(Box(Rect(x - 2.5, y - 2.5, 5, 5), color & 0xB0FFFFFF, radius=2.5))
        shares = percent(float(left)), percent(float(right))
        tip = f"{gate.name} unit {unit + 1}: {shares[0]} {gate.low}, {shares[1]} {gate.high}"
        sheet.hit(Rect(x - 4, y - 4, 8, 8), "", tip)


def saturation_words(found: SaturationScatter) -> str:
    """The figure in one sentence."""
    parts = []
    for gate in found.gates:
        ends = int(((gate.left + gate.right) > 0.9).sum())
        parts.append(f"{gate.name}: {ends} of {len(gate.left)} units mostly at an end")
    return "; ".join(parts) + "."
