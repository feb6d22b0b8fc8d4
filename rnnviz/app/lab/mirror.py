"""What if on the large window: the same edits as in the panel, and no second form for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rnnviz.app.lab.catalog import Figure
from rnnviz.app.lab.controls import Controls
from rnnviz.app.lab.lab_panel import LabPanel

_MIRRORED = "what-if"


class MirrorControls(Controls):
    """No settings of its own: those of the panel's card."""

    def __init__(self, panel: LabPanel) -> None:
        super().__init__()
        self._panel = panel

    def options(self) -> dict[str, Any]:
        original = self._panel.card.controls_of(_MIRRORED)
        return {} if original is None else original.options()


def mirrored(figures: Sequence[Figure], panel: LabPanel) -> tuple[Figure, ...]:
    """The figures for another window than that of `panel`."""
    return tuple(
        replace(each, make_controls=lambda: MirrorControls(panel)) if each.id == _MIRRORED else each
        for each in figures
    )
