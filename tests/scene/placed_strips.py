"""Strips as they were placed, and what hovering over them says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.strips_place import Placed
from rnnviz.trace import Trace


def with_arrays(trace: Trace, **arrays: Any) -> Trace:
    return replace(trace, arrays={**trace.arrays, **arrays})


def place_of(picture: StripsPicture, name: str) -> Placed:
    return next(placed for placed in picture.placed if placed.strip.name == name)


def tip(picture: StripsPicture, name: str, column: int, share: float = 0.5) -> str:
    rect = place_of(picture, name).rect
    assert picture.state is not None
    hit = picture.hit(picture.state.axis.center_of(column), rect.y + share * rect.h)
    assert hit is not None
    return hit.tip
