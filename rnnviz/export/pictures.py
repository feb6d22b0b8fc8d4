"""Which pictures there are of a pass, by name, as the screen shows them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from rnnviz.export.framing import Framing
from rnnviz.export.view_names import STAGE, VIEWS, WINDOW
from rnnviz.scene.axis import GUTTER, MARGIN, TimeAxis
from rnnviz.scene.cell_picture import cell_picture, has_inside
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.curve import CurveOptions, curve_picture
from rnnviz.scene.curve_history import HistoryView
from rnnviz.scene.figure import figure_of, is_at_a_step
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.levels import has_node, level_picture
from rnnviz.scene.product_data import product_names
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.stacking import stacked
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import StripsPicture, strips_picture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import ThemeName, theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace, UserError

_USUAL, _PANEL = (1600, 1000), (380, 64)
"""A panel grows to what it has to say."""
_EMPTY = 24.0
"""Pixels below the strips that are no more than what rounding leaves."""
Builder = Callable[[ViewState, float, float, Framing, StripsMemo], Picture]


def view_state(
    trace: Trace, step: int | None, theme_name: ThemeName, width: float, row: int = 0
) -> ViewState:
    """The state that shows `step` (from 1, as on screen) in the backward pass, where there is one;
    without a step, the whole pass.

    Raises:
        UserError: if the pass has no such step or row.
    """
    timeline = Timeline(trace)
    position = float(len(timeline))
    if step is not None:
        if not 1 <= step <= trace.columns:
            raise UserError(f"step {step} is not in this pass; use 1 to {trace.columns}")
        position = timeline.last_of(timeline.last_sweep(step - 1)) + 1.0
    if not 0 <= row < trace.batch_size:
        raise UserError(f"row {row} is not in this batch of {trace.batch_size}, counted from 0")
    axis = TimeAxis.fitted(trace.columns, GUTTER, max(width - GUTTER - MARGIN, 1.0))
    cursor = cursor_at(timeline, position)
    if step is not None:
        axis = axis.showing(cursor.column)
    return ViewState(trace, timeline, cursor, axis, theme(theme_name), row=row)


def _some_strips(*families: str) -> Builder:
    def build(
        state: ViewState, width: float, height: float, framing: Framing, memo: StripsMemo
    ) -> Picture:
        wanted = frozenset(families)
        folded = (s for s in catalog(state.trace) if s.starts_folded and s.family in wanted)
        shown = frozenset(s.name for s in folded)
        layout = StripLayout(collapsed=shown, families=wanted, open_only=True)
        return strips_picture(state, width, height, layout, memo)

    return build


def _strips(
    state: ViewState, width: float, height: float, framing: Framing, memo: StripsMemo
) -> Picture:
    return strips_picture(state, width, height, framing.figure_strips, memo)


def _stage(
    state: ViewState, width: float, height: float, framing: Framing, memo: StripsMemo
) -> Picture:
    above = float(round(height * framing.share))
    layout = framing.figure_strips
    lower = strips_picture(state, width, height - above, layout, memo)
    used = math.ceil(lower.needed)
    if used + _EMPTY < height - above or (lower.left_out and used <= height / 2):
        # Rather a somewhat lower graph than a strip that is missing, or a higher one than ground
        # on which nothing stands.
        above = float(height - used)
        lower = strips_picture(state, width, height - above, layout, memo)
    upper = level_picture(state, width, above, framing.level, framing.unrolled)
    return stacked(upper, lower)


def _state_node(state: ViewState) -> str:
    """The state at the cursor, or the lowest one of its step."""
    node, prefix = state.cursor.node, state.cursor.operation.prefix
    if has_inside(state, node):
        return node
    column = state.cursor.column
    prefix = next(p.prefix for p in state.trace.parts if p.start <= column < p.stop)
    return f"{prefix}h_l0@{column}"


def _cell(
    state: ViewState, width: float, height: float, framing: Framing, memo: StripsMemo
) -> Picture:
    node = framing.level.node(state.cursor.column)
    if not framing.level.cell or not has_inside(state, node):
        node = _state_node(state)
    if not has_inside(state, node):
        raise UserError("this kind of cell has no inside to show; use --view graph")
    return cell_picture(state, width, height, node)


def _product(name: str) -> Builder:
    def build(
        state: ViewState, width: float, height: float, framing: Framing, memo: StripsMemo
    ) -> Picture:
        level = framing.level
        if level.product and not name and has_node(state, level.node(state.cursor.column)):
            return level_picture(state, width, height, level)
        names = (*product_names(state.trace.spec), "hy")
        chosen = name or names[0]
        if chosen not in names:
            raise UserError(f"there is no product {chosen!r}; use one of {', '.join(names)}")
        node = f"logits@{state.cursor.column}" if chosen == "hy" else _state_node(state)
        if not has_node(state, node):
            raise UserError("this step has no such product; choose another step")
        return product_picture(state, width, height, node, chosen)

    return build


def _plain(build: Callable[[ViewState, float, float], Picture]) -> Builder:
    """A view that no arrangement changes."""
    return lambda state, width, height, framing, memo: build(state, width, height)


BUILDERS: dict[str, Builder] = {
    STAGE: _stage,
    "graph": _plain(graph_picture),
    "rolled": _plain(rolled_picture),
    "cell": _cell,
    "product": _product(""),
    "strips": _strips,
    "states": _some_strips("tokens", "heat"),
    "gradients": _some_strips("tokens", "norms"),
    "inspector": _plain(inspector_picture),
}
"""How each view of a pass is built, by the names of `view_names.PASS_VIEWS`."""


def view_picture(
    view: str,
    trace: Trace,
    size: tuple[int, int] | None = None,
    *,
    step: int | None = None,
    theme_name: ThemeName = "light",
    history: HistoryView | None = None,
    product: str = "",
    row: int = 0,
    framing: Framing | None = None,
) -> Picture:
    """The figure of one view in `size` (width, height) logical pixels, or as large as it needs.

    `product` names what the view ``product`` shows (``hh``, ``xf``, …); the first one if empty.
    Without a history (an untrained network, a bare trace) ``loss`` shows the losses of the pass.

    Raises:
        UserError: if there is no such view, or the pass has no such step.
    """
    width = float(size[0] if size is not None else usual_size(view)[0])
    framing = framing or Framing()
    state = framing.framed(view_state(trace, step, theme_name, width, row), width)
    return state_picture(
        view, state, size, history=history, product=product, framing=framing,
        at_step=step is not None,
    )  # fmt: skip


def state_picture(
    view: str,
    state: ViewState,
    size: tuple[int, int] | None = None,
    *,
    history: HistoryView | None = None,
    product: str = "",
    framing: Framing | None = None,
    at_step: bool | None = None,
) -> Picture:
    """The same for a state as it stands on screen: its cursor, sequence, selection and theme.

    The cursor is marked `at_step`; if None, where it stands within the pass.

    Raises:
        UserError: if there is no such view, or the state has nothing to show in it.
    """
    if view not in VIEWS:
        raise UserError(f"there is no view {view!r}; use one of {', '.join((WINDOW, *VIEWS))}")
    width, height = map(float, size or usual_size(view))
    marked = is_at_a_step(state) if at_step is None else at_step
    if state.live:
        state = replace(state, live=False)
    if view == "loss" and history is not None and len(history) > 0:
        options = CurveOptions()
        curve = curve_picture(history, state.trace.iteration, state.theme, width, height, options)
        return figure_of(curve, at_step=marked)
    build = builder_of(view, product)
    framing, memo = framing or Framing(), StripsMemo()
    picture = build(state, width, height, framing, memo)
    if size is None and isinstance(picture, StripsPicture) and picture.needed != height:
        # Neither cut off below nor followed by emptiness.
        picture = build(state, width, picture.needed, framing, memo)
    return figure_of(picture, at_step=marked)


def builder_of(view: str, product: str = "") -> Builder:
    """How a view of a pass is built, ``loss`` as the strip of its losses."""
    if view == "loss":
        return _some_strips("tokens", "loss")
    return _product(product) if view == "product" and product else BUILDERS[view]


def usual_size(view: str) -> tuple[int, int]:
    """Width and height where none are asked for; some views then take what they need."""
    return _PANEL if view == "inspector" else _USUAL
