"""What if: a pass with some of its numbers changed, and the difference that makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.replay.edits import Edit
from rnnviz.analysis.replay.network import replay
from rnnviz.trace import Place, Trace

Array = NDArray[Any]

__all__ = ["Edit", "WhatIf", "kl_divergence", "what_if"]


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """An untouched pass, the edits, and the pass with them; all in float64.

    ``before`` is ``trace`` replayed without edits, so that ``after − before`` is the effect of
    the edits alone and not of precision. Frozen: undo is ``without(k)``, one more is ``also``.
    """

    before: Trace
    after: Trace
    edits: tuple[Edit, ...]

    def difference(self, name: str) -> Array:
        """after − before of an array both passes have."""
        return np.asarray(self.after[name] - self.before[name])

    def kl(self) -> Array:
        """KL(p_before ‖ p_after) of the outputs of every step and sequence: (T, B), nats."""
        return kl_divergence(self.before["logits"], self.after["logits"])

    def output_change(self) -> Array:
        """‖y_after − y_before‖₂ (T, B): for regression, where outputs are no probabilities."""
        return np.asarray(np.linalg.norm(self.difference("logits"), axis=-1))

    def loss_change(self) -> float | None:
        """By how much ``loss_total`` rose; None where the pass has no loss."""
        if "loss_total" not in self.after:
            return None
        return float(self.after["loss_total"] - self.before["loss_total"])

    def changed_names(self) -> tuple[str, ...]:
        """The arrays in which any number differs."""
        return tuple(
            name
            for name in self.after
            if name in self.before and not np.array_equal(self.after[name], self.before[name])
        )

    def also(self, edit: Edit) -> WhatIf:
        """With one edit more."""
        return self._with((*self.edits, edit))

    def without(self, index: int) -> WhatIf:
        """With edit number ``index`` undone."""
        return self._with(self.edits[:index] + self.edits[index + 1 :])

    def _with(self, edits: tuple[Edit, ...]) -> WhatIf:
        after = replay(self.before, edits) if edits else self.before
        return WhatIf(self.before, _marked(after, edits), edits)


def what_if(trace: Trace, edits: Sequence[Edit]) -> WhatIf:
    """do(v = value) for every edit: everything after v is recomputed, and the backward pass.

    Both passes have the arrays of ``trace`` in its shapes; `WhatIf.difference` is after − before.
    Source: the intervention of Pearl, *Causality* (2009).

    The trace is not touched, and neither is the network it came from. The replay runs in
    float64 on a plain tape (``analysis/replay``), where the gradient is that of the edited pass:
    what was set or clamped passes none to what used to cause it.

    Raises:
        UserError: if an edit names something that this pass does not have.
    """
    before = replay(trace)
    return WhatIf(before, before, ())._with(tuple(edits))


def kl_divergence(logits_p: Array, logits_q: Array) -> Array:
    """KL(p ‖ q) = Σ_v p_v (log p_v − log q_v), p = softmax(logits_p): (…, V) → (…), nats ≥ 0.

    Source: Kullback & Leibler, Ann. Math. Statist. 22 (1951).
    """
    log_p, log_q = _log_softmax(logits_p), _log_softmax(logits_q)
    total = (np.exp(log_p) * (log_p - log_q)).sum(axis=-1)
    return np.asarray(np.maximum(total, 0.0))


def _log_softmax(logits: Array) -> Array:
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def _marked(trace: Trace, edits: Sequence[Edit]) -> Trace:
    """The pass that says what was done to it: in its title, and number by number."""
    if not edits:
        return trace
    words = ", ".join(map(str, edits))
    places = tuple(Place(edit.name, edit.step, edit.row, edit.index) for edit in edits)
    title = f"{trace.title}: {words}" if trace.title else words
    return replace(trace, title=title, by_hand=places)
