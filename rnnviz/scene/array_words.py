"""An array of a pass by the letter and the words that the window has for it."""

from __future__ import annotations

import re

from rnnviz.scene.strips_captions import Owner
from rnnviz.trace.spec import ModelSpec

_NAME = re.compile(
    r"(?P<part>encoder_|decoder_)?(?P<base>\w+?)(?:_l(?P<layer>\d+)(?P<reverse>_reverse)?)?"
)
_LETTERS = {"tokens": "x", "logits": "y", "attention": "α"}


def array_words(spec: ModelSpec, name: str) -> str:
    """``h, layer 2, right to left`` for ``h_l1_reverse``; of a single layer ``h``.

    Layers are counted from 1, as everywhere on screen; in a trace ``l0`` is the first.
    """
    return ", ".join((letter_of(name), *place_words(spec, name)))


def letter_of(name: str) -> str:
    """The symbol: ``h``, ``W_hh``, ``y``; ``h₀`` for an initial state that is learned."""
    base = _parsed(name)["base"]
    if base.endswith("_init"):
        return f"{base.removesuffix('_init')}₀"
    return _LETTERS.get(base, base)


def marked(spec: ModelSpec, name: str) -> str:
    """``W_hh⁽²⁾← enc`` for ``encoder_W_hh_l1_reverse``: as short as the graph writes it."""
    found = _parsed(name)
    layer = int(found["layer"]) + 1 if found["layer"] is not None and spec.layers > 1 else 0
    mark = Owner(layer=layer, reverse=bool(found["reverse"])).mark
    part = f" {found['part'][:3]}" if found["part"] else ""
    return f"{letter_of(name)}{mark}{part}"


def place_words(spec: ModelSpec, name: str) -> tuple[str, ...]:
    """Of which part, layer and direction it is, as far as the model has several."""
    found = _parsed(name)
    words = [found["part"].rstrip("_")] if found["part"] else []
    if found["layer"] is None:
        return tuple(words)
    if spec.layers > 1:
        words.append(f"layer {int(found['layer']) + 1}")
    if len(spec.directions(found["part"] or "")) > 1:
        words.append("right to left" if found["reverse"] else "left to right")
    return tuple(words)


def _parsed(name: str) -> re.Match[str]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no name of an array")
    return found
