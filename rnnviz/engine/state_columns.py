"""The states of a cell as a matrix, copied once a pass for both products that need them."""

from __future__ import annotations

from rnnviz.engine.arena import Arena
from rnnviz.trace.record import Array


class StateColumns:
    """States ``h`` (T+1, H, B) by feature: W_hy's gradient takes h_t, W_hh's h_{t-1}.

    The rows of either are part of the longer rows of one copy.
    """

    def __init__(self, arena: Arena, h: Array) -> None:
        self._arena = arena
        self._h = h
        self._fresh: Array | None = None

    def after(self) -> Array:
        """(H, T·B), h_t of every step, from a new copy."""
        self._fresh = copied = self._arena.columns(self._h, "states")
        later: Array = copied[:, self._h.shape[2] :]
        return later

    def before(self) -> Array:
        """(H, T·B), h_{t-1} of every step, from the copy of ``after`` if it is of this pass."""
        copied = self._fresh
        if copied is None:
            copied = self._arena.columns(self._h, "states")
        self._fresh = None
        earlier: Array = copied[:, : -self._h.shape[2]]
        return earlier
