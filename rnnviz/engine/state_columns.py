"""The states of a cell as a matrix, copied once a pass for both products that need them."""

from __future__ import annotations

from rnnviz.engine.arena import Arena, Columns
from rnnviz.trace.record import Array


class StateColumns:
    """States ``h`` (T+1, H, B) by feature: W_hy's gradient takes h_t, W_hh's h_{t-1}.

    The rows of either are part of the longer rows of one copy.
    """

    def __init__(self, arena: Arena, h: Array) -> None:
        copied, self._fill = arena.columns(h, "states")
        self._fresh = False
        batch = h.shape[2]
        self.after = Columns(copied[:, batch:], (self._renew,))
        """(H, T·B), h_t of every step, from a new copy."""
        self.before = Columns(copied[:, :-batch], (self._use,))
        """(H, T·B), h_{t-1} of every step, from the copy of ``after`` if it is of this pass."""

    def _renew(self) -> None:
        for copy in self._fill:
            copy()
        self._fresh = True

    def _use(self) -> None:
        if not self._fresh:
            self._renew()
        self._fresh = False
