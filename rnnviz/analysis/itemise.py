"""Output by output through any topology: one sequence of a batch for each of them.

The sweep of ``sweep.py`` is fast and has no limits of range, but walks through one direction
without attention. For everything else the pass is replayed with K copies of the sequence, copy
k differentiating output k alone: exact by construction, in float64, for every model that
``replay`` can run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import find, parameter_names
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.replay.network import replay
from rnnviz.trace import Trace

Array = NDArray[Any]

_COPIES = 32
"""Copies in one replay: bounds the memory of the tape to that of a batch of 32."""


def itemised(
    trace: Trace, row: int, names: tuple[str, ...], seeds: Array, progress: Progress | None = None
) -> dict[str, Array]:
    """∂(seeds[k] · y_k) / ∂name for every output step k: name → (K, T, N) float64.

    ``seeds`` (K, V) is the gradient at the outputs y_k of each step; K = T_out. With
    ∂L_k/∂y_k for a seed this is the gradient of loss k, with a one-hot row that of one logit.
    ``names`` are states or inputs of the trace (``h_l0``, ``encoder_x``, …).

    Raises:
        UserError: if the trace lacks what a pass needs.
        Cancelled: if ``progress`` returned False.
    """
    alone = repeated(trace, row, 1)
    logits = replay(alone)["logits"][:, 0]
    found: dict[str, list[Array]] = {name: [] for name in names}
    total = len(seeds)
    for start in range(0, total, _COPIES):
        steps = np.arange(start, min(start + _COPIES, total))
        for name, gradients in _gradients(trace, row, names, seeds, logits, steps):
            found[name].append(gradients)
        report(progress, int(steps[-1]) + 1, total)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _gradients(
    trace: Trace,
    row: int,
    names: tuple[str, ...],
    seeds: Array,
    logits: Array,
    steps: NDArray[np.intp],
) -> Iterator[tuple[str, Array]]:
    """The squared error ½‖y − (y₀ − s)‖² has, at y = y₀, the gradient s: a seed made a loss."""
    copies = len(steps)
    targets = np.repeat(logits[:, None], copies, axis=1)
    mask = np.zeros(targets.shape[:2])
    for copy, step in enumerate(steps):
        targets[step, copy] -= seeds[step]
        mask[step, copy] = 1.0
    many = repeated(trace, row, copies)
    arrays = {**many.arrays, "targets": targets, "loss_mask": mask}
    for prefix in trace.spec.prefixes:  # a trace with gradients is one whose backward pass is run
        arrays[f"dL_d{prefix}h_l0"] = many[f"{prefix}h_l0"]
    again = replay(replace(many, spec=replace(trace.spec, loss="squared-error"), arrays=arrays))
    for name in names:
        yield name, again[f"dL_d{name}"].swapaxes(0, 1)


def repeated(trace: Trace, row: int, copies: int) -> Trace:
    """``trace`` with ``copies`` of sequence ``row`` for a batch, and nothing that is computed."""
    arrays: dict[str, Array] = {name: trace[name] for name in parameter_names(trace)}
    arrays |= _sequences(trace.arrays, row, copies)
    for prefix in trace.spec.prefixes:
        name = f"{prefix}h_l0"
        arrays[name] = np.repeat(find(trace, name)[:, row : row + 1], copies, axis=1)
    if "cuts" in trace:
        arrays["cuts"] = trace["cuts"]
    return trace.recomputed(arrays)


def _sequences(arrays: Mapping[str, Array], row: int, copies: int) -> dict[str, Array]:
    """The inputs of one sequence: those with time first, and those of the whole sequence."""
    bare = {name: name.removeprefix("encoder_").removeprefix("decoder_") for name in arrays}
    rows = {}
    for name, kind in bare.items():
        if kind in ("x", "tokens") or kind.startswith("dropout_l"):
            rows[name] = np.repeat(arrays[name][:, row : row + 1], copies, axis=1)
        elif kind in ("lengths", "context") or kind.startswith(("h0_", "c0_", "y0_")):
            rows[name] = np.repeat(arrays[name][row : row + 1], copies, axis=0)
    return rows
