"""Vanish and explode by hand: a copy with scaled recurrent weights against the untouched one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import (
    layer_named,
    walk_back,
    weight_spectra,
    with_largest_singular_value,
    with_spectral_radius,
)
from rnnviz.analysis.progress import Progress
from rnnviz.app.lab.copies import Copy
from rnnviz.app.lab.measure_gradients import log10_norms
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.hand import ByHand, Strength
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


def measure_by_hand(request: Request, progress: Progress) -> ByHand:
    """Both copies over the same steps; see `scaled_weights` for what the options do."""
    request.need_gradients()
    options, trace = request.options, request.trace
    last_only = options.get("loss", "last") == "last"
    steps = int(options.get("steps", 0)) or None
    real = Copy(trace, request.row)
    untouched = _strength(real, real.run({}, steps), request.layer, last_only)
    made = Copy(trace, request.row, str(options.get("activation", "")))
    scaled = scaled_weights(trace, request.layer, options)
    changed = _strength(made, made.run(scaled, steps), request.layer, last_only)
    clip = float(options.get("clip", np.inf))
    return ByHand(
        layer=request.layer,
        real=untouched,
        made=changed,
        last_loss_only=last_only,
        repeated=steps is not None and steps > request.steps,
        clip=clip if clip < CLIP_OFF else None,
    )


CLIP_OFF = 100.0
"""The highest position of the clipping slider: no clipping."""


def scaled_weights(trace: Trace, layer: str, options: Any) -> dict[str, Array]:
    """The layer's W_hh with the σ₁ or the spectral radius asked for; empty for ``as trained``.

    Of a gated cell every gate's block is scaled to it, as in `rnnviz.analysis.vanishing`.
    """
    measure = options.get("measure", "trained")
    if measure == "trained":
        return {}
    name = layer_named(trace, layer).array("W_hh")
    if name not in trace:
        raise UserError("this cell has no recurrent matrix W_hh to scale: leave it as trained")
    weight = np.asarray(trace[name], np.float64)
    scale = with_largest_singular_value if measure == "sigma" else with_spectral_radius
    return {name: scale(weight, float(options["strength"]), max(1, len(trace.spec.gates)))}


def last_loss_log10(trace: Trace, layer: str) -> Array:
    """log₁₀ ‖∂ℓ_T/∂h_t‖ of the last loss alone (n,)."""
    n = int(trace[layer_named(trace, layer).array("h")].shape[0])
    return walk_back(trace, n - 1, layer, 0).log10_norm


def _strength(copy: Copy, pass_: Trace, layer: str, last_only: bool) -> Strength:
    name = layer_named(pass_, layer)
    if last_only:
        log10 = last_loss_log10(pass_, layer)
    else:
        log10 = log10_norms(pass_[f"dL_d{name.array('h')}"][:, 0])
    spectra = weight_spectra(pass_, layer)
    return Strength(
        log10=log10,
        sigma=max(each.largest_singular_value for each in spectra),
        radius=max(each.spectral_radius for each in spectra),
        loss=float(pass_["loss_total"]),
        grad_norm=copy.grad_norm,
        activation=pass_.spec.activation if not pass_.spec.gates else pass_.spec.cell,
    )
