"""Gradient norms, their history, and who caused them: from a pass to what the figures draw."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import contributions, layer_named, layer_names, recurrent_shares
from rnnviz.analysis.losses import loss_weights
from rnnviz.analysis.norms import state_log10_norms
from rnnviz.analysis.progress import Progress
from rnnviz.analysis.walk import Part
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.causes import Causes
from rnnviz.scene.lab.flow import GradientFlow, StateNorms
from rnnviz.scene.lab.flow_history import FlowHistory
from rnnviz.scene.lab.matrix import pooled

Array = NDArray[Any]


def measure_flow(request: Request, progress: Progress) -> GradientFlow:
    """Norms of every layer, and the shares of the chosen layer's weight gradient."""
    request.need_gradients()
    trace, row = request.trace, request.row
    norms = []
    for name in layer_names(trace):
        if name.prefix != layer_named(trace, request.layer).prefix:
            continue
        parts = ("h", "c") if f"dL_d{name.array('c')}" in trace else ("h",)
        norms += [
            StateNorms(str(name), part, state_log10_norms(trace, str(name), row, part))
            for part in parts
        ]
    share_norms, shares = recurrent_shares(trace, request.layer)
    n = request.steps
    with np.errstate(divide="ignore"):
        share_log10 = np.log10(share_norms[:n])
    cuts = trace.get("cuts")
    return GradientFlow(
        norms=tuple(norms),
        layer=request.layer,
        share=shares[:n],
        share_log10=share_log10,
        weight="W_yh" if trace.spec.cell == "jordan" else "W_hh",
        words=request.words(),
        cuts=tuple(int(cut) for cut in cuts) if cuts is not None else (),
        batch=trace.batch_size,
    )


class FlowKeeper:
    """Remembers the norms of the passes that were shown while the figure was open."""

    def __init__(self, most: int = 240) -> None:
        self._rows: deque[tuple[int, Array]] = deque()
        self._most = most
        self._kind: object = None

    def measure(self, request: Request, progress: Progress) -> FlowHistory:
        """The pass's norms under those of the earlier ones; every second is dropped when full."""
        request.need_gradients()
        trace = request.trace
        values = state_log10_norms(trace, request.layer, request.row, "h")
        kind = (trace.spec, request.layer, len(values), trace.title)
        if kind != self._kind:
            self._kind = kind
            self._rows.clear()
        while self._rows and self._rows[-1][0] >= trace.iteration:
            self._rows.pop()
        self._rows.append((trace.iteration, values))
        if len(self._rows) > self._most:
            kept = list(self._rows)
            self._rows = deque(kept[::2] + ([] if len(kept) % 2 else [kept[-1]]))
        return FlowHistory(
            request.layer,
            tuple(iteration for iteration, _ in self._rows),
            np.stack([each for _, each in self._rows]),
        )


def measure_causes(request: Request, progress: Progress) -> Causes:
    """The gradient of every loss at every state of the layer."""
    request.need_gradients()
    at_cell = request.options.get("part") == "c" and request.trace.spec.has_cell_state
    part: Part = "c" if at_cell else "h"
    found = contributions(request.trace, request.layer, request.row, part=part, progress=progress)
    weights = loss_weights(request.trace, request.row)[: found.log10_norm.shape[0]]
    return Causes(
        layer=found.layer,
        part=part,
        log10=np.asarray(found.log10_norm),
        drawn=pooled(np.asarray(found.log10_norm, np.float64)),
        shares=np.asarray(found.shares),
        log10_total=np.asarray(found.log10_total),
        counted=tuple(bool(weight > 0) for weight in weights),
        words=request.words(),
        targets=request.targets(),
    )
