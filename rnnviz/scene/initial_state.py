"""The state before the first step as a quantity of its own: its id, and whose it is."""

from __future__ import annotations

import re

from rnnviz.scene.handover import handover_index
from rnnviz.trace import Trace

_INITIAL = re.compile(
    r"^(?P<prefix>encoder_|decoder_)?(?P<letter>[hcy])0_(?P<layer>l\d+(_reverse)?)$"
)


def initial_node(trace: Trace, letter: str, prefix: str, layer: str, row: int) -> str:
    """The id of h₀ (``h0_l0``), c₀ or y₀ of a layer; a decoder's is the encoder's last state.

    Where an encoder reads both ways, W_bridge makes one state of two: then it has its own id.
    """
    if prefix != "decoder_" or f"W_bridge_{letter}_{layer}" in trace:
        return f"{prefix}{letter}0_{layer}"
    return f"encoder_{letter}_{layer}@{handover_index(trace, layer, row)}"


def initial_parts(node: str) -> tuple[str, str, str] | None:
    """Prefix, letter and layer of the id of an initial state; None for any other."""
    match = _INITIAL.match(node)
    return None if match is None else (match["prefix"] or "", match["letter"], match["layer"])
