"""JSON objects in which no key occurs twice: by itself the parser lets the last one win."""

from __future__ import annotations

from typing import Any


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs, for ``json.loads(…, object_pairs_hook=unique)``.

    Raises:
        ValueError: naming a key that occurs twice.
    """
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key[:80]!r} occurs twice")
        found[key] = value
    return found
