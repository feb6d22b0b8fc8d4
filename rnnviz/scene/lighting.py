"""What lights up when something else is pointed at: one quantity, wherever it is drawn."""

from __future__ import annotations

import re

_GRADIENT = re.compile(r"^dL_d|^step_norm_")
_GATE = re.compile(r"(^|_)W_([hx])[a-z]_(?=l\d)")
_STATE_OF = re.compile(r"^(encoder_|decoder_)?(dL_d)?(encoder_|decoder_)?(h_direct|a|h)_(?=l\d)")


def quantity(node: str) -> str:
    """The id without what does not matter for lighting: ``∂L/∂h`` and ``δ`` stand at ``h``."""
    bare = _GRADIENT.sub("", node).removeprefix("strip:")
    bare = _GRADIENT.sub("", bare)
    bare = _STATE_OF.sub(lambda m: f"{m[1] or m[3] or ''}h_", bare)
    return bare.replace("probs@", "logits@")


def owner(node: str) -> str:
    """The node to which a gradient, or a share of one, belongs (``dL_dh_l0@3`` → ``h_l0@3``): who
    chooses ``∂L/∂h`` wants what stands there. Any other node is its own."""
    return quantity(node) if _GRADIENT.match(node) else node


def lights(pointed: str, node: str) -> bool:
    """Whether pointing at one thing lights another; a strip's title lights every step of it."""
    if not pointed or not node:
        return False
    a, b = quantity(pointed), quantity(node)
    if a == b or _is_of(a, b) or _is_of(b, a):
        return True
    if "@" not in a or "@" not in b or pointed.startswith("strip:") or node.startswith("strip:"):
        a, b = a.partition("@")[0], b.partition("@")[0]
        return a == b or _is_of(a, b) or _is_of(b, a)
    return False


def _is_of(gate: str, whole: str) -> bool:
    """Whether a gate's matrix is a block of rows of the other: ``W_hf_l0@3`` of ``W_hh_l0@3``."""
    return gate != whole and _GATE.sub(r"\1W_\2h_", gate) == whole


def product_of_node(node: str) -> str:
    """The product that a matrix's id names (``W_hf_l0@3`` → ``hf``), or empty."""
    bare = node.partition("@")[0].removeprefix("encoder_").removeprefix("decoder_")
    return bare.removeprefix("W_").partition("_")[0] if bare.startswith("W_") else ""
