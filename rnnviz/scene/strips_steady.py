"""Scales that hold still while pass after pass streams by."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from rnnviz.scene.strips_memo import StripsMemo

_PATIENCE = 120
"""Passes after which a scale that has become too wide is drawn closer: two seconds of them."""

Range = tuple[float, float]


@dataclass(slots=True)
class _Steady:
    """The range in force, what was needed since it was last filled, and for how many passes."""

    shown: Range
    needed: Range
    passes: int = 0


def steady(memo: StripsMemo, key: Hashable, wanted: Range) -> Range:
    """A range that holds `wanted`: it grows at once and shrinks only after a while, so that an
    axis can be read although each pass alone would have another one."""
    kept = memo.keep(("steady", key), lambda: _Steady(wanted, wanted))
    shown = _both(kept.shown, wanted)
    if shown != kept.shown or shown == wanted:
        kept.shown, kept.needed, kept.passes = shown, wanted, 0
        return shown
    kept.needed = wanted if kept.passes == 0 else _both(kept.needed, wanted)
    kept.passes += 1
    if kept.passes >= _PATIENCE:
        kept.shown, kept.passes = kept.needed, 0
    return kept.shown


def _both(a: Range, b: Range) -> Range:
    return min(a[0], b[0]), max(a[1], b[1])
