"""Memory: how much an output still knows of each input (Madsen's connectivity)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.itemise import itemised
from rnnviz.analysis.layers import LayerName, LayerRun, find, layer_run, true_length
from rnnviz.analysis.losses import output_weight
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.steps import steps_of
from rnnviz.analysis.sweep import Seeds, power_of_two, sweep
from rnnviz.analysis.walk import can_sweep, cuts_of
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]

_LOG10_2 = float(np.log10(2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """C[k, t] = ‖∂ y_k[class_k] / ∂x_t‖₂, y the outputs before the softmax; (outputs, inputs).

    ``raw`` are the norms (float64; 0 below 1e-308), ``log10`` their logarithms without that
    limit, ``by_row`` each row divided by its own largest value, which is how the original
    figure is coloured and which hides how small a row is. ``active`` is ∂y_k[class_k]/∂x_t at
    the one component that was 1 (token input written out as one-hot rows), else None: the norm
    runs over *all* symbols that could have stood there, this is the one that did. ``classes``
    (n,) is the output component asked for at each step, −1 where there was none.
    """

    raw: Array
    log10: Array
    by_row: Array
    active: Array | None
    classes: NDArray[np.intp]


def memory(
    trace: Trace,
    row: int = 0,
    *,
    classes: Array | str = "target",
    dtype: Any = np.float64,
    progress: Progress | None = None,
) -> Memory:
    """‖∂y_k[class_k]/∂x_t‖₂ (n, n): how strongly an input moves the desired output of step k.

    ``classes``: ``"target"`` (the desired output; of vector targets the first component),
    ``"predicted"`` (the likeliest), or an (n,) array of components. Through all layers; in a
    bidirectional model both directions, added as vectors. Embedding input: x_t is the embedded
    vector. Truncation cuts are respected. Of an encoder–decoder: each output of the decoder
    against each input of the encoder. What the sweep cannot walk (as there, deep bidirectional
    models, pooled heads, dropout) is replayed.

    Source: Madsen, *Visualizing memorization in RNNs*, Distill (2019), connectivity:
    ∂h_L^{t̃}[k] / ∂x^t with h_L the layer before the softmax.

    Raises:
        UserError: if there are no targets to ask for or the topology cannot be itemised.
        Cancelled: if ``progress`` returned False.
    """
    chosen = _classes(trace, row, classes)
    if not can_sweep(trace):
        return _by_replay(trace, row, chosen, progress)
    directions = [bool(d) for d in trace.spec.directions()]
    tokens = _one_hot_tokens(trace, row)
    total = len(chosen) * len(directions)
    square, exponent, active, diagonals = None, None, None, []
    for index, reverse in enumerate(directions):
        found = _one_direction(trace, row, reverse, chosen, tokens, dtype, progress, index, total)
        diagonals.append(found.diagonal)
        if square is None or exponent is None:
            square, exponent, active = found.square, found.exponent, found.active
        else:
            square, exponent = square + found.square, exponent + found.exponent
            active = None if active is None or found.active is None else active + found.active
    assert square is not None
    assert exponent is not None
    if len(diagonals) == 2:
        both = diagonals[0] + diagonals[1]
        np.fill_diagonal(square, np.vecdot(both, both))
        np.fill_diagonal(exponent, 0)
    with np.errstate(divide="ignore"):
        log10 = 0.5 * np.log10(square.astype(np.float64)) + exponent * _LOG10_2
    return _memory(log10, active, chosen)


def _by_replay(
    trace: Trace, row: int, chosen: NDArray[np.intp], progress: Progress | None
) -> Memory:
    """The same by one replayed copy for each output, for topologies the sweep cannot walk."""
    prefix = trace.spec.prefixes[0]
    seeds = np.zeros(find(trace, "logits")[:, row].shape)
    known = np.flatnonzero(chosen >= 0)
    seeds[known, chosen[known]] = 1.0
    name = f"{prefix}x"
    n = true_length(trace, prefix, row)
    moved = itemised(trace, row, (name,), seeds, progress)[name][: len(chosen), :n]
    tokens = _one_hot_tokens(trace, row)
    active = None if tokens is None else moved[:, np.arange(n), tokens[:n]]
    with np.errstate(divide="ignore"):
        log10 = np.log10(np.linalg.norm(moved, axis=-1))
    return _memory(log10, active, chosen)


def _memory(log10: Array, active: Array | None, chosen: NDArray[np.intp]) -> Memory:
    with np.errstate(under="ignore", invalid="ignore"):
        largest = log10.max(axis=1, keepdims=True, initial=-np.inf)
        by_row = np.power(10.0, np.where(np.isneginf(largest), -np.inf, log10 - largest))
        return Memory(np.power(10.0, log10), log10, by_row, active, chosen)


@dataclass(frozen=True, slots=True, eq=False)
class _Direction:
    square: Array
    exponent: NDArray[np.int32]
    active: Array | None
    diagonal: Array


def _one_direction(
    trace: Trace,
    row: int,
    reverse: bool,
    chosen: NDArray[np.intp],
    tokens: Array | None,
    dtype: Any,
    progress: Progress | None,
    index: int,
    total: int,
) -> _Direction:
    """Squares and exponents in time order; ``diagonal`` (n, D): each step's own input."""
    runs = [layer_run(trace, LayerName("", k, reverse), row) for k in range(trace.spec.layers)]
    steps = [steps_of(run, dtype) for run in runs]
    top = runs[-1]
    asked = top.in_time_order(chosen)
    vectors = output_weight(trace, top.name).astype(dtype)[asked]
    vectors[asked < 0] = 0.0
    n = top.steps
    square = np.zeros((n, n), dtype)
    exponent = np.zeros((n, n), np.int32)
    active = None if tokens is None else np.zeros((n, n))
    diagonal = np.zeros((n, runs[0].W_xh.shape[1]))
    seeds = Seeds.one_per_step(vectors)
    for held in sweep(steps, seeds, cuts_of(trace, top), trace.spec.residual):
        if held.layer > 0:
            continue
        t = held.step
        moved = steps[0].pull_input(held.scaled, t)
        square[held.rows, t] = np.vecdot(moved, moved)
        exponent[held.rows, t] = held.exponent
        diagonal[t] = np.ldexp(moved[t - held.first], held.exponent[t - held.first])
        if active is not None and tokens is not None:
            there = moved[:, tokens[top.time[t]]].astype(np.float64)
            active[held.rows, t] = there * power_of_two(held.exponent, np.float64)
        report(progress, index * n + n - t, total)
    return _Direction(
        _turn(top, square),
        _turn(top, exponent),
        None if active is None else _turn(top, active),
        top.in_time_order(diagonal),
    )


def _turn(run: LayerRun, matrix: Array) -> Array:
    """(n, n) from processing order into time order, newly allocated."""
    return np.array(matrix[::-1, ::-1] if run.name.reverse else matrix)


def _classes(trace: Trace, row: int, classes: Array | str) -> NDArray[np.intp]:
    n = true_length(trace, trace.spec.prefixes[-1], row)
    if isinstance(classes, str):
        if classes == "predicted":
            return np.asarray(find(trace, "logits")[:n, row].argmax(axis=-1))
        if classes != "target":
            raise UserError(f"memory can follow 'target' or 'predicted', not {classes!r}")
        targets = find(trace, "targets")
        if targets.ndim != 2:
            return np.zeros(n, np.intp)
        return np.asarray(targets[:n, row], dtype=np.intp)
    chosen = np.asarray(classes, dtype=np.intp)
    if chosen.shape != (n,) or chosen.max(initial=-1) >= trace.spec.output_size:
        raise UserError(
            f"give one output component below {trace.spec.output_size} for each of the {n} steps"
        )
    return chosen


def _one_hot_tokens(trace: Trace, row: int) -> Array | None:
    name = f"{trace.spec.prefixes[0]}tokens"
    if trace.spec.input_kind != "one-hot" or name not in trace:
        return None
    return np.asarray(trace[name][:, row])
