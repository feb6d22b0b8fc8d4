"""Vanish and explode by hand: a copy with scaled recurrent weights against the untouched one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import WeightSpectrum, layer_named, walk_back, weight_spectra
from rnnviz.analysis.layers import true_length
from rnnviz.analysis.norms import log10_norms
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.steps.rnn import activation_slope
from rnnviz.app.lab.copies import Copy
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.hand import ByHand, Strength
from rnnviz.trace import Trace, UserError
from rnnviz.trace.spec import Activation

Array = NDArray[Any]
_STAGES = 4
CLIP_OFF = 100.0
"""The highest position of the clipping slider: no clipping."""


class HandKeeper:
    """Keeps the copies and what does not change while a slider is dragged."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._kept: dict[tuple[object, ...], Any] = {}

    def measure(self, request: Request, progress: Progress) -> ByHand:
        """The pass as trained and as set, over the same steps."""
        request.need_gradients()
        options, trace, layer = request.options, request.trace, request.layer
        if trace is not self._trace:
            self._trace = trace
            self._kept.clear()
        last_only = options.get("loss", "last") == "last"
        steps = int(options.get("steps", 0)) or None
        activation: Activation | None = options.get("activation") or None
        spectra = self._once(("spectra", layer), lambda: weight_spectra(trace, layer))
        copy = self._once(
            ("copy", activation, request.row), lambda: Copy(trace, request.row, activation)
        )
        report(progress, 1, _STAGES)
        factors = block_factors(spectra, options)
        changed = scaled_weights(trace, layer, factors)

        def untouched() -> Strength:
            real = Copy(trace, request.row)
            return _strength(real, real.run({}, steps), layer, last_only, spectra, ())

        clip = float(options.get("clip", np.inf))
        real = self._once(("real", layer, request.row, steps, last_only), untouched)
        report(progress, 2, _STAGES)
        pass_ = copy.run(changed, steps)
        report(progress, 3, _STAGES)
        return ByHand(
            layer=layer,
            real=real,
            made=_strength(copy, pass_, layer, last_only, spectra, factors),
            last_loss_only=last_only,
            repeated=steps is not None and steps > request.steps,
            clip=clip if clip < CLIP_OFF else None,
        )

    def _once(self, key: tuple[object, ...], make: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def block_factors(
    spectra: tuple[WeightSpectrum, ...], options: Mapping[str, Any]
) -> tuple[float, ...]:
    """By how much each block of W_hh is multiplied; empty for ``as trained``.

    σ₁ and max |λ| are homogeneous, so the factor is what is asked for over what is there; every
    gate's block is brought to it by itself, as in `rnnviz.analysis.vanishing`.

    Raises:
        UserError: if a block is zero in the chosen measure.
    """
    measure = options.get("measure", "trained")
    if measure == "trained":
        return ()
    now = [
        each.largest_singular_value if measure == "sigma" else each.spectral_radius
        for each in spectra
    ]
    if 0.0 in now:
        raise UserError("W_hh is zero in this measure, so no factor can scale it")
    return tuple(float(options["strength"]) / each for each in now)


def scaled_weights(trace: Trace, layer: str, factors: tuple[float, ...]) -> dict[str, Array]:
    """The layer's W_hh with its blocks multiplied; empty where there are no factors.

    Raises:
        UserError: for a cell without W_hh.
    """
    if not factors:
        return {}
    name = layer_named(trace, layer).array("W_hh")
    if name not in trace:
        raise UserError("this cell has no recurrent matrix W_hh to scale: leave it as trained")
    weight = np.asarray(trace[name], np.float64)
    blocks = weight.reshape(len(factors), -1, weight.shape[1])
    return {name: (blocks * np.array(factors)[:, None, None]).reshape(weight.shape)}


def last_loss_log10(trace: Trace, layer: str) -> Array:
    """log₁₀ ‖∂L_T/∂h_t‖ (n,) of the last loss of the first sequence alone."""
    last = true_length(trace, trace.spec.prefixes[-1], 0) - 1
    return walk_back(trace, last, layer, 0).log10_norm


def _strength(
    copy: Copy,
    pass_: Trace,
    layer: str,
    last_only: bool,
    spectra: tuple[WeightSpectrum, ...],
    factors: tuple[float, ...],
) -> Strength:
    name = layer_named(pass_, layer)
    by = factors or (1.0,) * len(spectra)
    return Strength(
        log10=(
            last_loss_log10(pass_, layer)
            if last_only
            else log10_norms(pass_[f"dL_d{name.array('h')}"][:, 0])
        ),
        sigma=max(f * each.largest_singular_value for f, each in zip(by, spectra, strict=True)),
        radius=max(f * each.spectral_radius for f, each in zip(by, spectra, strict=True)),
        loss=float(pass_["loss_total"]),
        grad_norm=copy.grad_norm,
        activation=pass_.spec.activation if not pass_.spec.gates else pass_.spec.cell,
        slope=_mean_slope(pass_, layer),
        is_product=pass_.spec.activation == "linear" and not pass_.spec.layer_norm,
    )


def _mean_slope(pass_: Trace, layer: str) -> float | None:
    """The mean of φ′(a) over all steps and units of a layer, where with W_hh it decides alone.

    None for cells with gates or a norm: there σ₁ says nothing about what can explode.
    """
    if pass_.spec.gates or pass_.spec.layer_norm:
        return None
    h = pass_[layer_named(pass_, layer).array("h")]
    return float(activation_slope(pass_.spec.activation, h).mean())
