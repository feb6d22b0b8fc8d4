"""The numbers behind a strip: of the chosen sequence, with their colour range."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_steady import steady
from rnnviz.scene.theme import Theme

Values = NDArray[Any]


def strip_values(state: ViewState, strip: Strip) -> Values:
    """(T, rows) numbers of a heat or output strip, or (T,) of a bar strip, for `state.row`.

    Gradient norms are Euclidean, over the units, of one sequence; shares of the weight gradient
    are over the whole batch, as the trace records them.
    """
    array = state.trace[strip.name]
    if strip.name.startswith("step_norm"):
        return array
    row = min(state.row, array.shape[1] - 1)
    values: Values = array[:, row]
    if strip.family == "norms":
        return _norms(values)
    return values


def kindred_values(state: ViewState, strip: Strip) -> Values:
    """All numbers on the scale of a strip: its own as they are, or in a row (N,) with those of the
    other part."""
    if not strip.twin:
        return strip_values(state, strip)
    every = (strip_values(state, replace(strip, name=name)) for name in strip.kindred)
    return np.concatenate([values.ravel() for values in every])


def _of_row(state: ViewState, name: str) -> Values:
    array = state.trace[name]
    values: Values = array[:, min(state.row, array.shape[1] - 1)]
    return values


def _norms(vectors: Values) -> Values:
    """(T,) Euclidean lengths of (T, H), exact down to the smallest and up to the largest floats."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        plain: Values = np.sqrt(np.einsum("th,th->t", vectors, vectors, dtype=np.float64))
    unsafe = ~((plain > 1e-140) & (plain < 1e140))
    if unsafe.any():
        plain[unsafe] = _scaled_norms(vectors[unsafe])
    return plain


def _scaled_norms(vectors: Values) -> Values:
    """Norms of (N, H) whose squares leave the range of floats, by their largest component."""
    wide = np.asarray(vectors, np.float64)
    scale = np.abs(wide).max(axis=1)
    safe = np.where((scale > 0) & np.isfinite(scale), scale, 1.0)
    lengths = safe * np.sqrt(((wide / safe[:, None]) ** 2).sum(axis=1))
    norms: Values = np.where(np.isfinite(scale), lengths, scale)
    return norms


def nice_bound(largest: float, *, least: float = 0.0) -> float:
    """The least of 1, 2, 5 times a power of ten that is not below `largest`, nor below `least`."""
    largest = max(largest, least)
    if not math.isfinite(largest) or largest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(f * power for f in (1.0, 2.0, 5.0, 10.0) if f * power >= largest * 0.999999)


def color_scale(state: ViewState, strip: Strip, memo: StripsMemo) -> ColorScale:
    """The map of a strip with its range; a range taken from values is symmetric about zero."""
    theme: Theme = state.theme
    if strip.range == "signed":
        return theme.states
    if strip.range == "unit":
        return theme.probabilities

    def bound() -> float:
        finite = kindred_values(state, strip)
        targets = state.trace.get("targets")
        if strip.name in ("logits", "targets") and targets is not None and targets.ndim == 3:
            # What is said and what should be said are compared: one scale for both.
            finite = np.concatenate([_of_row(state, n).ravel() for n in ("logits", "targets")])
        largest = max(float(finite.max(initial=0.0)), -float(finite.min(initial=0.0)))
        if not math.isfinite(largest):
            largest = float(np.abs(finite[np.isfinite(finite)]).max(initial=0.0))
        own = nice_bound(largest)
        return steady(memo, ("bound", strip.kindred), (0.0, own))[1] if state.live else own

    most = memo.get(("bound", strip.kindred, state.row, state.live), bound)
    return ColorScale(theme.diverging, -most, most)
