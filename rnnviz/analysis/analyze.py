"""Every analysis by name, as plain arrays: what ``rnnviz analyze`` writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import jacobians as jac
from rnnviz.analysis.contributions import contributions
from rnnviz.analysis.health import health
from rnnviz.analysis.layers import check_row, find, layer_named, layer_run, true_length
from rnnviz.analysis.matches import find_matches, select_units
from rnnviz.analysis.memory import memory
from rnnviz.analysis.norms import state_log10_norms
from rnnviz.analysis.progress import Progress
from rnnviz.analysis.response import expected_response
from rnnviz.analysis.saturation import NOTHING_SATURATES, saturation
from rnnviz.analysis.shares import recurrent_shares
from rnnviz.analysis.surplus import check_options
from rnnviz.analysis.trajectory import trajectory
from rnnviz.analysis.weights import weight_spectra
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]
Arrays = dict[str, Array]
_MOST_BYTES = 1 << 30
"""The Jacobians themselves are left out where they would take more than 1 GiB."""


def analyze(trace: Trace, what: str, **options: Any) -> Arrays:
    """The arrays of one analysis; names and shapes in ``docs/analysis.md``.

    Options (each analysis takes those it needs, see ``OPTIONS``): ``layer`` name, ``row`` of the
    batch, ``origin`` s of the products ∂s_t/∂s_s (0: the initial state), ``part`` h or c,
    ``components``, ``start``/``stop`` of the range (from 0, ``stop`` outside), ``threshold``,
    ``side``, ``before``/``after`` steps off around it, ``progress`` callback.

    Raises:
        UserError: for an unknown analysis or option, or a trace that does not allow it.
    """
    if what not in ANALYSES:
        raise UserError(f"there is no analysis {what!r}; use one of {', '.join(ANALYSES)}")
    check_options(what, options, OPTIONS[what])
    # What overflows is infinite, or not a number, in the result: that is said there.
    with np.errstate(over="ignore", invalid="ignore"):
        return ANALYSES[what](trace, **options)


def _jacobians(
    trace: Trace,
    layer: str | None = None,
    row: int = 0,
    origin: int = 0,
    progress: Progress | None = None,
) -> Arrays:
    n = layer_run(trace, layer_named(trace, layer), row).steps
    if not 0 <= origin < n:
        raise UserError(
            f"products start at a state from 0, the initial one, to {n - 1}, not {origin}"
        )
    found = jac.jacobian_spectra(trace, layer, row, progress, origin=origin - 1)
    arrays = {
        "time": layer_run(trace, layer_named(trace, layer), row).time,
        "singular_values": found.singular,
        "product_log10_singular_values": found.products.log10_singular,
        "product_log10_bound": found.products.log10_bound,
        "lyapunov_exponents": found.exponents,
    }
    steps, size = found.singular.shape
    if steps * size * size * 8 <= _MOST_BYTES:
        arrays["jacobians"] = jac.step_jacobians(trace, layer, row)
    return arrays


def _contributions(
    trace: Trace,
    layer: str | None = None,
    row: int = 0,
    part: Any = "h",
    progress: Progress | None = None,
) -> Arrays:
    found = contributions(trace, layer, row, part=part, progress=progress)
    return {
        "log10_norm": found.log10_norm,
        "shares": found.shares,
        "projections": found.projections(),
        "log10_total": found.log10_total,
    }


def _saturation(trace: Trace) -> Arrays:
    arrays: Arrays = {}
    found = saturation(trace)
    if not found:
        raise UserError(NOTHING_SATURATES)
    for each in found:
        arrays[f"{each.name}_left"] = each.left
        arrays[f"{each.name}_right"] = each.right
    return arrays


def _memory(
    trace: Trace, row: int = 0, classes: Any = "target", progress: Progress | None = None
) -> Arrays:
    found = memory(trace, row, classes=classes, progress=progress)
    arrays = {
        "raw": found.raw,
        "log10": found.log10,
        "by_row": found.by_row,
        "classes": found.classes,
    }
    return arrays if found.active is None else arrays | {"active": found.active}


def _trajectory(
    trace: Trace, layer: str | None = None, state: str = "h", components: int = 2
) -> Arrays:
    found = trajectory(trace, layer, state=state, components=components)
    return {
        "points": found.points,
        "explained": found.explained,
        "center": found.axes.center,
        "directions": found.axes.directions,
    }


def _matches(
    trace: Trace,
    layer: str | None = None,
    row: int = 0,
    start: int | None = None,
    stop: int | None = None,
    threshold: float = 0.3,
    side: Any = "positive",
    before: int = 0,
    after: int = 0,
    state: str = "h",
) -> Arrays:
    if start is None or stop is None:
        raise UserError("matches need a range of steps: give start and stop")
    name = layer_named(trace, layer)
    if state not in ("h", "c") or (state == "c" and not trace.spec.has_cell_state):
        raise UserError(f"this pass has no state {state!r} to search; use h (or c of an LSTM)")
    # A threshold needs something bounded: tanh(c) is, c is not.
    states = trace[name.array("h")] if state == "h" else np.tanh(trace[name.array("c")])
    check_row(row, states.shape[1])
    seen = states[: true_length(trace, name.prefix, row), row]
    around = {"off_before": before, "off_after": after, "threshold": threshold, "side": side}
    units = select_units(seen, start, stop, **around)
    found = find_matches(
        states, units, lengths=_lengths(trace, name.prefix), exclude=(row, start, stop), **around
    )
    return {
        "units": np.array(units, dtype=np.int64),
        "places": np.array([(m.row, m.start, m.stop) for m in found], np.int64).reshape(-1, 3),
        "shared": np.array([m.shared for m in found], dtype=np.int64),
        "jaccard": np.array([m.jaccard for m in found]),
    }


def _lengths(trace: Trace, prefix: str) -> Array | None:
    return None if prefix == "decoder_" else trace.get("lengths")


def _response(trace: Trace, layer: str | None = None) -> Arrays:
    found = expected_response(trace, layer)
    return {
        "tokens": found.tokens,
        "count": found.count,
        "mean": found.mean,
        "quantiles": found.quantiles,
    }


def _weights(trace: Trace, layer: str | None = None) -> Arrays:
    arrays: Arrays = {}
    for each in weight_spectra(trace, layer):
        arrays[f"{each.block} eigenvalues".replace(" ", "_")] = each.eigenvalues
        arrays[f"{each.block} singular_values".replace(" ", "_")] = each.singular_values
    return arrays


def _gradients(trace: Trace, layer: str | None = None) -> Arrays:
    name = layer_named(trace, layer)
    norms, shares = recurrent_shares(trace, layer)
    arrays = {"weight_gradient_norm": norms, "weight_gradient_share": shares}
    for part in ("h", "c") if trace.spec.has_cell_state else ("h",):
        log10 = np.full(find(trace, name.array("h")).shape[:2], -np.inf)
        for row in range(trace.batch_size):
            found = state_log10_norms(trace, str(name), row, part)
            log10[: len(found), row] = found
        with np.errstate(under="ignore"):
            arrays |= {f"norm_dL_d{part}": 10.0**log10, f"log10_norm_dL_d{part}": log10}
    return arrays


def _health(trace: Trace) -> Arrays:
    found = health(trace)
    figures = {
        "mean_loss": found.mean_loss,
        "perplexity": found.perplexity,
        "baseline": found.baseline,
        "update_ratio": found.update_ratio,
        "grad_norm_before_clipping": found.clipping.before if found.clipping else None,
        "grad_norm_after_clipping": found.clipping.after if found.clipping else None,
        "dead": found.dead,
        "saturated": found.saturated,
    } | {f"norm_dL_d{name}": norm for name, norm in found.grad_norms.items()}
    return {name: np.asarray(value) for name, value in figures.items() if value is not None}


ANALYSES: Mapping[str, Callable[..., Arrays]] = {
    "gradients": _gradients,
    "contributions": _contributions,
    "jacobians": _jacobians,
    "weights": _weights,
    "saturation": _saturation,
    "memory": _memory,
    "trajectory": _trajectory,
    "matches": _matches,
    "response": _response,
    "health": _health,
}

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "gradients": ("layer",),
    "contributions": ("layer", "row", "part", "progress"),
    "jacobians": ("layer", "row", "origin", "progress"),
    "weights": ("layer",),
    "saturation": (),
    "memory": ("row", "classes", "progress"),
    "trajectory": ("layer", "state", "components"),
    "matches": ("layer", "row", "start", "stop", "threshold", "side", "before", "after", "state"),
    "response": ("layer",),
    "health": (),
}
"""Which options each analysis takes."""
