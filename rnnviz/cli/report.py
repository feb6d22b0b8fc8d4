"""What a sub-command hands back: lines for people, one JSON object for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Report:
    """``lines`` are printed as they are; with ``--json`` only ``result`` is."""

    result: Mapping[str, Any]
    lines: tuple[str, ...] = field(default=())
    exit_code: int = 0

    def to_json(self, *, ascii_only: bool = False) -> str:
        """The result on one line; what JSON cannot say (NaN, infinity) becomes null."""
        return json.dumps(_plain(self.result), ensure_ascii=ascii_only, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "item"):
        return _plain(value.item())
    return str(value)
