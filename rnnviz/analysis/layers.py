"""One recurrent layer of a trace, one direction, one sequence, in the order it was processed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class LayerName:
    """Where a recurrence stands: ``encoder_l1_reverse`` is part encoder_, layer 1, backward."""

    prefix: str
    layer: int
    reverse: bool

    @property
    def suffix(self) -> str:
        return f"l{self.layer}_reverse" if self.reverse else f"l{self.layer}"

    def __str__(self) -> str:
        return f"{self.prefix}{self.suffix}"

    def array(self, name: str) -> str:
        """The trace's name of that array of this layer: ``h`` → ``encoder_h_l1_reverse``."""
        return f"{self.prefix}{name}_{self.suffix}"


@dataclass(frozen=True, slots=True, eq=False)
class LayerRun:
    """What one layer did with one sequence, in processing order.

    n steps, D inputs, H units. ``h`` and ``previous_h`` are (n, H) and ``previous_h[0]`` is the
    initial state; for a reverse direction step 0 is the *last* time step. ``time[i]`` is the
    time step of processing step i. ``W_hh`` is (G·H, H), ``W_xh`` (G·H, D); for the jordan cell
    ``W_hh`` is the product ``W_yh W_hy`` (H, H), which is how h acts on the next h through y.
    """

    trace: Trace
    name: LayerName
    row: int
    time: NDArray[np.intp]
    h: Array
    previous_h: Array
    W_xh: Array
    W_hh: Array

    @property
    def steps(self) -> int:
        return int(self.time.size)

    @property
    def hidden_size(self) -> int:
        return int(self.h.shape[1])

    def sequence(self, name: str) -> Array:
        """The (T, B, N) array ``name`` of this layer as (n, N) in processing order."""
        return np.asarray(find(self.trace, self.name.array(name))[self.time, self.row])

    def previous(self, name: str) -> Array:
        """The same, one processing step earlier; row 0 is the initial state."""
        initial = self.trace.get(self.name.array(f"{name}0"))
        first = np.zeros_like(self.h[:1]) if initial is None else initial[self.row][None]
        return np.concatenate([first, self.sequence(name)[:-1]]).astype(self.h.dtype, copy=False)

    def in_time_order(self, values: Array) -> Array:
        """Per-step values (n, …) turned from processing order into time order, or back."""
        return values[::-1] if self.name.reverse else values


def layer_names(trace: Trace) -> tuple[LayerName, ...]:
    """Every recurrence of the trace, parts in time order, bottom layer first."""
    return tuple(
        LayerName(prefix, layer, bool(direction))
        for prefix in trace.spec.prefixes
        for layer in range(trace.spec.layers)
        for direction in trace.spec.directions(prefix)
    )


def layer_named(trace: Trace, name: str | None = None) -> LayerName:
    """The recurrence called ``name`` (``l0``, ``l1_reverse``, ``encoder_l0``, …).

    None means the top forward layer of the part that has the outputs.

    Raises:
        UserError: if the trace has no such layer.
    """
    names = layer_names(trace)
    if name is None:
        prefix = trace.spec.prefixes[-1]
        return LayerName(prefix, trace.spec.layers - 1, False)
    for candidate in names:
        if str(candidate) == name:
            return candidate
    raise UserError(
        f"there is no layer {name!r} in this trace; use one of {', '.join(map(str, names))}"
    )


def layer_run(trace: Trace, name: LayerName, row: int = 0) -> LayerRun:
    """The run of one layer over batch row ``row``; padded steps are left out.

    Raises:
        UserError: if the row does not exist, the trace lacks an array the layer needs, or its
            numbers are not finite.
    """
    hidden = find(trace, name.array("h"))
    check_row(row, hidden.shape[1])
    steps = np.arange(true_length(trace, name.prefix, row))
    time = steps[::-1] if name.reverse else steps
    h = np.asarray(hidden[time, row])
    W_hh = _recurrent_weight(trace, name)
    check_finite(name.array("h"), h)
    check_finite(name.array("W_hh"), W_hh)
    initial = trace.get(name.array("h0"))
    first = np.zeros_like(h[:1]) if initial is None else initial[row][None]
    return LayerRun(
        trace=trace,
        name=name,
        row=row,
        time=time,
        h=h,
        previous_h=np.concatenate([first, h[:-1]]).astype(h.dtype, copy=False),
        W_xh=np.asarray(find(trace, name.array("W_xh"))),
        W_hh=W_hh,
    )


def true_length(trace: Trace, prefix: str, row: int) -> int:
    """Steps of sequence ``row`` in the part called ``prefix``, without its padding."""
    steps = int(find(trace, f"{prefix}h_l0").shape[0])
    lengths = trace.get("lengths")
    if lengths is None or prefix == "decoder_":
        return steps
    return min(steps, int(lengths[row]))


def find(trace: Trace, name: str) -> Array:
    """The array ``name``.

    Raises:
        UserError: if this trace does not have it.
    """
    return trace[name]


def parameter_names(trace: Trace) -> tuple[str, ...]:
    """The names of the trace's parameters: what starts like a weight or a bias."""
    starts = ("W_", "U_", "b_", "w_", "v_", "gain_", "embedding", "h_init", "c_init", "y_init")
    return tuple(
        name
        for name in trace
        if name.removeprefix("encoder_").removeprefix("decoder_").startswith(starts)
    )


def layer_inputs(trace: Trace, name: LayerName, row: int = 0) -> Array:
    """x_t as that layer reads it, (T, N) in time order: the pass's input or the layer below.

    From below: both directions side by side, times the dropout mask, plus its own input where
    the stack is residual.
    """
    inputs = np.asarray(find(trace, f"{name.prefix}x")[:, row])
    for layer in range(name.layer):
        states = [
            find(trace, LayerName(name.prefix, layer, bool(direction)).array("h"))[:, row]
            for direction in trace.spec.directions(name.prefix)
        ]
        out = np.concatenate(states, axis=-1)
        mask = trace.get(f"{name.prefix}dropout_l{layer}")
        if mask is not None:
            out = out * mask[:, row]
        inputs = out + inputs if trace.spec.residual and layer > 0 else out
    return inputs


def check_row(row: int, count: int) -> None:
    """Whether a batch of ``count`` sequences has that one.

    Raises:
        UserError: if not.
    """
    if not 0 <= row < count:
        raise UserError(f"row {row} is not in this batch; use a row from 0 to {count - 1}")


def check_finite(name: str, values: Array) -> None:
    """Whether the array called ``name`` can be computed with.

    Raises:
        UserError: if it holds infinity or NaN.
    """
    if not np.isfinite(values).all():
        raise UserError(
            f"{name} holds values that are not finite: nothing can be computed from it; go back to "
            "before the training diverged"
        )


def _recurrent_weight(trace: Trace, name: LayerName) -> Array:
    if trace.spec.cell == "jordan":
        with np.errstate(over="ignore", invalid="ignore"):  # who asks looks at what comes out
            return np.asarray(find(trace, name.array("W_yh")) @ find(trace, "W_hy"))
    return np.asarray(find(trace, name.array("W_hh")))
