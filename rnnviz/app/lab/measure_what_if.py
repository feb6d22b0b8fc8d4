"""What if: the edited pass and its difference to the untouched one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import Edit, WhatIf, layer_named, what_if
from rnnviz.analysis.layers import true_length
from rnnviz.analysis.norms import log10_norms
from rnnviz.analysis.progress import Progress
from rnnviz.app.lab.edit_words import edit_words
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.difference import Difference, KeptChange
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


class WhatIfKeeper:
    """Remembers the untouched pass in float64, so that a dragged slider replays only once."""

    def __init__(self) -> None:
        self._base: Trace | None = None
        self._untouched: WhatIf | None = None
        self._compared: dict[tuple[Edit, ...], WhatIf | str] = {}

    def measure(self, request: Request, progress: Progress) -> Difference:
        """The pass in ``options["base"]`` with ``options["edits"]`` made on it."""
        base: Trace = request.options.get("base") or request.trace
        edits: tuple[Edit, ...] = request.options.get("edits", ())
        if base is not self._base or self._untouched is None:
            self._untouched = what_if(base, ())
            self._base = base
            self._compared.clear()
        changed = self._untouched
        if edits:
            changed = what_if_on(self._untouched, edits)
        kept = tuple(
            self._kept(name, each, request) for name, each in request.options.get("kept", ())
        )
        return difference_of(changed, request, kept)

    def _kept(self, name: str, edits: tuple[Edit, ...], request: Request) -> KeptChange:
        """What the edits of that name change in the same pass; each is replayed once."""
        assert self._untouched is not None
        found = self._compared.get(edits)
        if found is None:
            try:
                found = what_if_on(self._untouched, edits) if edits else self._untouched
            except UserError as wrong:
                found = str(wrong)
            self._compared[edits] = found
        if isinstance(found, str):
            return KeptChange(name, found, np.empty(0), None)
        loss = float(found.after["loss_total"]) if "loss_total" in found.after else None
        words = "; ".join(edit_words(edit, found.before.spec) for edit in edits)
        layer, row = layer_named(found.before, request.layer), request.row
        n = true_length(found.before, layer.prefix, row)
        change = np.asarray(found.difference(layer.array("h"))[:n, row])
        return KeptChange(name, words, _divergence(found)[:, row], loss, change)


def what_if_on(untouched: WhatIf, edits: tuple[Edit, ...]) -> WhatIf:
    """All edits on a pass that is replayed already."""
    last = WhatIf(untouched.before, untouched.before, edits[:-1])
    return last.also(edits[-1])


def _divergence(changed: WhatIf) -> Array:
    """KL a step where outputs are probabilities, else how far the outputs have moved: (T, B)."""
    is_entropic = changed.before.spec.loss == "cross-entropy"
    return np.asarray(changed.kl() if is_entropic else changed.output_change())


def difference_of(
    changed: WhatIf, request: Request, kept: tuple[KeptChange, ...] = ()
) -> Difference:
    """What the figure shows of it, for the request's layer and sequence."""
    before, after, row = changed.before, changed.after, request.row
    name = layer_named(before, request.layer)
    h = name.array("h")
    n = true_length(before, name.prefix, row)
    has_loss = "loss_total" in after and "loss_total" in before
    gradient = f"dL_d{h}"
    empty = np.empty(0)
    return Difference(
        edits=tuple(edit_words(edit, before.spec) for edit in changed.edits),
        layer=str(name),
        change=np.asarray(changed.difference(h)[:n, row]),
        divergence=_divergence(changed)[:, row],
        entropic=before.spec.loss == "cross-entropy",
        loss_before=float(before["loss_total"]) if has_loss else None,
        loss_after=float(after["loss_total"]) if has_loss else None,
        before_log10=log10_norms(before[gradient][:n, row]) if gradient in before else empty,
        after_log10=log10_norms(after[gradient][:n, row]) if gradient in after else empty,
        words=request.words(),
        after=after,
        kept=kept,
    )
