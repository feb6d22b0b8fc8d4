"""What was computed elsewhere about the pass on screen: shown only where it is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations import layer_symbols
from rnnviz.scene.inspector_flow import MARGIN, Flow
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.numbers import grouped, power_of_ten, short
from rnnviz.scene.shapes import Box, Cells, Label, Raster, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values, largest_finite

_NAMED = 12
"""Steps up to which the matrix has a named cell for each pair."""


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Results of the gradient analysis for one layer of one trace (``layer`` as in ``h_<layer>``).

    `contributions` (K, T): ‖∂L_k/∂h_t‖, the loss of step k (row) at the state of step t, weighted
    as in L. `singular_values` (T, n): of the step Jacobian ∂s_t/∂s_{t-1}, largest first. Either
    may be None. `iteration` says of which iteration they are.
    """

    layer: str
    contributions: Values | None = None
    singular_values: Values | None = None
    iteration: int = 0


def findings_section(flow: Flow, state: ViewState, node: Node, findings: Findings) -> None:
    """The findings about a hidden state."""
    if findings.layer != f"{node.prefix}{node.layer}" or node.base != "h":
        return
    if not state.trace.has_gradients:
        # They are of the training pass before it: of a sample nothing goes back.
        return
    age = state.trace.iteration - findings.iteration
    note = f"of {grouped(age)} iteration{'s' * (age > 1)} ago" if age > 0 else ""
    if findings.contributions is not None:
        flow.heading(
            f"Where the gradient at h{subscript(node.step)} comes from", state.theme.ink, note
        )
        _contributions(flow, state, node, findings.contributions)
    values, spec = findings.singular_values, state.trace.spec
    if values is not None and 0 <= node.index < len(values):
        here, before = subscript(node.step), subscript(layer_symbols(spec, node).before(node.step))
        # The state that an LSTM hands on is the pair, so that its Jacobian is twice as large.
        handed = "(h, c)" if spec.has_cell_state else "h"
        jacobian = f"∂{handed}{here}/∂{handed}{before}"
        flow.heading(f"singular values of {jacobian}", state.theme.ink, note)
        shown = [float(v) for v in values[node.index][:6]]
        most = max([1.25, *shown])
        texts = [short(v, 3) for v in shown]
        flow.bars(["" for _ in shown], shown, texts, state.theme.gradient, most, 1.0)
        total = values.shape[1]
        more = f", {len(shown)} of {total}" if total > len(shown) else ""
        flow.words(f"the line is 1: below it the step shrinks the gradient{more}", 10.0)


def _contributions(flow: Flow, state: ViewState, node: Node, norms: Values) -> None:
    losses, steps = norms.shape
    theme = state.theme
    most = largest_finite(norms)
    with np.errstate(divide="ignore"):
        exponents = np.where(norms > 0, np.log10(norms), np.nan)
    high = np.log10(most) if most > 0 else 0.0
    # A norm that is infinite takes the strongest colour, and the scale is that of the numbers.
    low = max(float(np.nanmin(exponents, initial=high, where=np.isfinite(norms))), high - 8.0)
    scale = ColorScale(theme.sequential, low - 0.25 * max(high - low, 1.0), high)
    table = np.where(np.isnan(exponents), scale.low, exponents)
    named = max(losses, steps) <= _NAMED
    left = MARGIN + (26.0 if named else 0.0)
    side = min((flow.inner - 26.0) / steps, 34.0) if named else 0.0
    wide = side * steps if named else min(flow.inner, 240.0)
    row = (side * 0.8) if named else min(flow.inner, 240.0) * min(1.0, losses / steps) / losses
    high_px = row * losses
    if named:
        flow.shapes.append(
            Cells(
                np.full(losses, left), flow.y + row * np.arange(losses, dtype=np.float64), table,
                side - 2, row - 2, scale, gap=2.0,
            )
        )  # fmt: skip
        for loss in range(losses):
            place = Rect(MARGIN, flow.y + loss * row, 24, row - 2)
            word = f"L{subscript(loss + 1)}"
            flow.shapes.append(Label(place, word, theme.loss, 10.0, "left", "serif", italic=True))
        for step in range(steps):
            place = Rect(left + step * side, flow.y + high_px, side - 2, 14)
            word = f"h{subscript(step + 1)}"
            flow.shapes.append(
                Label(place, word, theme.hidden, 10.0, "center", "serif", italic=True)
            )
    else:
        flow.shapes.append(Raster(Rect(left, flow.y, wide, high_px), table, scale))
    pitch = wide / steps
    chosen = Rect(left + node.index * pitch - 1, flow.y - 1, max(pitch, 2.0), high_px)
    flow.shapes.append(Box(chosen, 0, theme.gradient, 1.5))
    flow.y += high_px + (16.0 if named else 4.0)
    exact = "; empty: exactly 0" if (norms == 0).any() else ""
    exact += "" if np.isfinite(norms).all() else "; some are not finite"
    mean = "m_k " if state.trace.batch_size > 1 else ""
    flow.words(
        f"rows L_k, columns h_t: ‖{mean}∂L_k/∂h_t‖, from {_power(low)} (faint)"
        f" to {_power(high)}{exact}",
        10.0,
    )


def _power(exponent: float) -> str:
    whole = round(exponent)
    return power_of_ten(whole) if abs(exponent - whole) < 0.02 else short(10.0**exponent, 2)
