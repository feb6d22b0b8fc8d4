"""Clipping, saturation, memory, units over text and paths: from a pass to its figures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import (
    Axes,
    clip_by_norm,
    clipping,
    expected_response,
    layer_named,
    memory,
    saturation,
    trajectory,
)
from rnnviz.analysis.progress import Progress
from rnnviz.analysis.saturation import NOTHING_SATURATES, counted_steps
from rnnviz.app.lab.request import Request
from rnnviz.scene.array_words import array_words, letter_of
from rnnviz.scene.lab.activity import UnitActivity
from rnnviz.scene.lab.clipping import ClipRecord
from rnnviz.scene.lab.memory import MemoryMap
from rnnviz.scene.lab.response import UnitResponse
from rnnviz.scene.lab.saturation import GateSaturation, SaturationScatter
from rnnviz.scene.lab.trajectory import StatePath
from rnnviz.trace import UserError

Array = NDArray[Any]
_BINS = 240


def measure_clipping(request: Request, progress: Progress) -> ClipRecord:
    """The clipping of this pass's update, or of the run's last, and of all in the history."""
    found, history, config = clipping(request.trace), request.history, request.config
    last = None if found is not None or history is None else history.at(request.trace.iteration)
    if last is not None and config is not None:
        found = clip_by_norm(last.grad_norm, config.training.clip_norm or None)
    if found is None:
        raise UserError(
            "No update followed this pass, so nothing was clipped: train an iteration (N)."
        )
    empty = np.empty(0)
    iteration, low, high = empty, empty, empty
    clipped = counted = 0
    still = None if history is None else history.still()
    if still is not None and len(still):
        reached = still.envelope("grad_norm", _BINS, last=request.trace.iteration)
        with np.errstate(divide="ignore", invalid="ignore"):
            iteration, low, high = reached.iteration, np.log10(reached.low), np.log10(reached.high)
        before, after = still.column("grad_norm"), still.column("clipped_norm")
        clipped, counted = int((after < before).sum()), len(before)
    return ClipRecord(
        found.before, found.threshold, iteration, low, high, clipped, counted,
        None if last is None else int(last.iteration),
    )  # fmt: skip


def measure_saturation(request: Request, progress: Progress) -> SaturationScatter:
    """Every gate of the layer and its hidden state."""
    name = layer_named(request.trace, request.layer)
    wanted = {name.array(part): part for part in (*request.trace.spec.gates, "h")}
    gates = []
    for each in saturation(request.trace):
        part = wanted.get(each.name)
        if part is None:
            continue
        low, high = ("< 0.1", "> 0.9") if part in ("i", "f", "o", "r", "z") else ("< −0.9", "> 0.9")
        if part == "h" and request.trace.spec.activation == "relu":
            low, high = "= 0", "(none)"
        gates.append(GateSaturation(letter_of(each.name), each.left, each.right, low, high))
    if not gates:
        raise UserError(NOTHING_SATURATES)
    steps = int(counted_steps(request.trace, name.prefix).shape[0])
    return SaturationScatter(request.layer, tuple(gates), steps, request.trace.batch_size)


def measure_memory(request: Request, progress: Progress) -> MemoryMap:
    """The derivative of every desired output by every input."""
    trace, row = request.trace, request.row
    found = memory(trace, row, progress=progress)
    rows = trace.labels.inputs
    words = tuple(rows[row]) if row < len(rows) else ()
    return MemoryMap(found.log10, found.by_row, words, request.targets())


def measure_activity(request: Request, progress: Progress) -> UnitActivity:
    """One unit of the layer's h or c over the sequence."""
    trace, row = request.trace, request.row
    name = layer_named(trace, request.layer)
    part = request.options.get("part", "h")
    if part != "h" and name.array(part) not in trace:
        part = "h"
    n = request.steps
    values = np.asarray(trace[name.array(part)][:n, row], np.float64)
    unit = min(int(request.options.get("unit", 1)), values.shape[1]) - 1
    probs = trace.get("probs")
    has_probs = probs is not None and name.prefix == trace.spec.prefixes[-1]
    # A softmax that is not a number has no likeliest symbols to list.
    shown = np.asarray(probs[:, row]) if probs is not None and has_probs else np.empty((0, 0))
    return UnitActivity(
        name=array_words(trace.spec, name.array(part)),
        unit=unit,
        values=values[:, unit],
        bounded=part != "c" and trace.spec.bounded_states,
        words=request.words(),
        probs=shown if np.isfinite(shown).all() else np.empty((0, 0)),
        classes=trace.labels.classes,
        targets=request.targets(),
    )


class PathKeeper:
    """Keeps the axes: frozen when asked, else turned as little as possible from pass to pass."""

    def __init__(self) -> None:
        self._axes: Axes | None = None
        self._kind: object = None
        self._frozen_at: int | None = None
        self._bound = 0.0

    def measure(self, request: Request, progress: Progress) -> StatePath:
        """The states of the layer on two axes."""
        trace, row = request.trace, request.row
        kind = (trace.spec, request.layer, trace.title)
        if kind != self._kind:
            self._kind, self._axes, self._frozen_at, self._bound = kind, None, None, 0.0
        freeze = bool(request.options.get("frozen"))
        components = min(2, trace.spec.hidden_size)
        if freeze and self._axes is not None:
            if self._frozen_at is None:
                self._frozen_at = trace.iteration
            found = trajectory(trace, request.layer, components=components, axes=self._axes)
        else:
            self._frozen_at = trace.iteration if freeze else None
            found = trajectory(trace, request.layer, components=components, align_with=self._axes)
        self._axes = found.axes
        points = found.points
        if points.shape[2] == 1:
            points = np.concatenate([points, np.zeros_like(points)], axis=2)
        largest = 1.12 * float(np.nanmax(np.abs(points), initial=0.0)) or 1.0
        # The frame grows with the states and never shrinks, so that what moves are the states.
        self._bound = max(self._bound, largest)
        others = np.delete(points, row, axis=1).reshape(-1, 2)
        return StatePath(
            layer=request.layer,
            points=points[: request.steps, row],
            others=others[np.isfinite(others).all(axis=1)],
            explained=found.explained,
            frozen_at=self._frozen_at,
            bound=self._bound,
            words=request.words(),
        )


def measure_response(request: Request, progress: Progress) -> UnitResponse:
    """One unit's expected response to every token that occurs."""
    found = expected_response(request.trace, request.layer)
    unit = min(int(request.options.get("unit", 1)), found.mean.shape[1]) - 1
    labels = request.trace.labels
    is_decoder = layer_named(request.trace, request.layer).prefix == "decoder_"
    symbols = labels.classes if is_decoder else labels.symbols
    return UnitResponse(
        layer=request.layer,
        unit=unit,
        tokens=tuple(
            symbols[token] if token < len(symbols) else str(token)
            for token in found.tokens.tolist()
        ),
        mean=found.mean[:, unit],
        quantiles=found.quantiles[:, :, unit],
        count=found.count.astype(np.float64),
    )
