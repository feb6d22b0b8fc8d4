"""A layer is painted again only when its key changes: the key says all that it depends on."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.color_vision import seen_theme
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.theme import theme
from tests.scene.test_inspector_ends import net_of, state_at, traced


def plain(value: Any) -> Any:
    """Shapes as nested tuples that can be compared."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if is_dataclass(value):
        own = (plain(getattr(value, each.name)) for each in fields(value))
        return (type(value).__name__, *own)
    return value


def stale(pictures: Iterable[Picture]) -> list[Hashable]:
    """Keys under which two of the pictures have different shapes."""
    known: dict[Hashable, Any] = {}
    found = []
    for picture in pictures:
        for layer in picture.layers:
            shapes = plain(layer.shapes)
            if layer.key is not None and known.setdefault(layer.key, shapes) != shapes:
                found.append(layer.key)
    return found


def states_of(state: ViewState) -> list[ViewState]:
    """The same pass at every moment of an operation, live or not, to every eye."""
    count = len(state.timeline)
    # Neighbours not one after the other: a picture may take over layers of the one before.
    moments = [*range(count + 1), *(position + 0.5 for position in range(count))]
    found = [replace(state, cursor=cursor_at(state.timeline, each)) for each in moments]
    found += [replace(each, live=True) for each in found[:: max(len(found) // 8, 1)]]
    found.append(replace(state, theme=seen_theme(theme("light"), "protanopia")))
    return [*found, replace(state, theme=theme("dark"))]


@pytest.mark.parametrize(
    "options",
    [
        {"layers": 2},
        {"cell": "lstm", "bidirectional": True},
        {"cell": "gru", "kind": "many-to-many", "attention": "dot"},
        {"output_size": 30, "input_size": 30},
    ],
    ids=["layers", "both ways", "two parts", "many classes"],
)
def test_two_pictures_with_the_same_key_have_the_same_shapes(
    options: dict[str, Any], rng: np.random.Generator
) -> None:
    trace = traced(net_of(rng, **options), rng)
    states = states_of(state_at(trace, ""))
    prefix = trace.spec.prefixes[0]
    cell, weight = f"{prefix}h_l0@1", f"{prefix}W_hh_l0@1"
    kind = "hh" if not trace.spec.gates else f"h{trace.spec.gates[0]}"
    assert stale(graph_picture(each, 1900, 500) for each in states) == []
    assert stale(rolled_picture(each, 1100, 500) for each in states) == []
    assert stale(strips_picture(each, 1100, 700) for each in states) == []
    assert stale(cell_picture(each, 1100, 600, cell) for each in states) == []
    assert stale(product_picture(each, 1100, 600, cell, kind) for each in states) == []
    for node in (cell, weight, f"{prefix}W_hh_l0", "W", "loss_total"):
        chosen = (replace(each, selected=node) for each in states)
        assert stale(inspector_picture(each, 320, 600) for each in chosen) == [], node


def test_what_lights_up_is_as_every_eye_sees_it(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng, cell="lstm"), rng)
    pointed = replace(state_at(trace, "h_l0@1"), hovered="W_hf_l0@1")
    other = replace(pointed, theme=seen_theme(theme("light"), "protanopia"))
    assert stale(cell_picture(each, 1100, 600, "h_l0@1") for each in (pointed, other)) == []
    assert stale(inspector_picture(each, 320, 600) for each in (pointed, other)) == []
