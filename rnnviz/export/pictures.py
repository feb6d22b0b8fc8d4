"""Which pictures there are of a pass, by name, as the screen shows them."""

from __future__ import annotations

from collections.abc import Callable

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_picture import cell_picture, has_inside
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.curve import CurveOptions, HistoryView, curve_picture
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.levels import has_node
from rnnviz.scene.product_data import product_names
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_catalog import Strip, catalog
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import ThemeName, theme
from rnnviz.scene.timeline import Phase, Timeline
from rnnviz.trace import Trace, UserError

GUTTER, MARGIN = 118.0, 76.0
"""Left and right of the steps, as in the window."""


def view_state(
    trace: Trace, step: int | None, theme_name: ThemeName, width: float, row: int = 0
) -> ViewState:
    """The state that shows `step` (from 1, as on screen) in the backward pass, where there is one;
    without a step, the whole pass.

    Raises:
        UserError: if the pass has no such step.
    """
    timeline = Timeline(trace)
    position = float(len(timeline))
    if step is not None:
        if not 1 <= step <= trace.columns:
            raise UserError(f"step {step} is not in this pass; use 1 to {trace.columns}")
        phase: Phase = "backward" if trace.has_gradients else "forward"
        position = timeline.last_of(timeline.index_of(phase, step - 1)) + 1.0
    axis = TimeAxis.fitted(trace.columns, GUTTER, max(width - GUTTER - MARGIN, 1.0))
    cursor = cursor_at(timeline, position)
    if step is not None:
        axis = axis.showing(cursor.column)
    return ViewState(trace, timeline, cursor, axis, theme(theme_name), row=row)


def _strips(wanted: Callable[[Strip], bool]) -> Callable[[ViewState, float, float], Picture]:
    def build(state: ViewState, width: float, height: float) -> Picture:
        memo = StripsMemo()
        memo.show(state.trace)
        chosen = tuple(strip for strip in catalog(state.trace) if wanted(strip))
        memo.get("catalog", lambda: chosen)
        return strips_picture(state, width, height, None, memo)

    return build


def _state_node(state: ViewState) -> str:
    """The state at the cursor, or the lowest one of its step."""
    node, prefix = state.cursor.node, state.cursor.operation.prefix
    if has_inside(state, node):
        return node
    column = state.cursor.column
    prefix = next(p.prefix for p in state.trace.parts if p.start <= column < p.stop)
    return f"{prefix}h_l0@{column}"


def _cell(state: ViewState, width: float, height: float) -> Picture:
    node = _state_node(state)
    if not has_inside(state, node):
        raise UserError("this kind of cell has no inside to show; use --view graph")
    return cell_picture(state, width, height, node)


def _product(name: str) -> Callable[[ViewState, float, float], Picture]:
    def build(state: ViewState, width: float, height: float) -> Picture:
        names = (*product_names(state.trace.spec), "hy")
        chosen = name or names[0]
        if chosen not in names:
            raise UserError(f"there is no product {chosen!r}; use one of {', '.join(names)}")
        node = f"logits@{state.cursor.column}" if chosen == "hy" else _state_node(state)
        if not has_node(state, node):
            raise UserError("this step has no such product; choose another step")
        return product_picture(state, width, height, node, chosen)

    return build


BUILDERS: dict[str, Callable[[ViewState, float, float], Picture]] = {
    "graph": graph_picture,
    "rolled": rolled_picture,
    "cell": _cell,
    "product": _product(""),
    "strips": strips_picture,
    "states": _strips(lambda s: s.family in ("tokens", "heat")),
    "gradients": _strips(lambda s: s.family in ("tokens", "norms")),
    "inspector": inspector_picture,
}
VIEWS: tuple[str, ...] = (*BUILDERS, "loss")
"""Names of the single views; ``loss`` is the training curve."""


def view_picture(
    view: str,
    trace: Trace,
    size: tuple[int, int],
    *,
    step: int | None = None,
    theme_name: ThemeName = "light",
    history: HistoryView | None = None,
    product: str = "",
) -> Picture:
    """The picture of one view in `size` (width, height) logical pixels.

    `product` names what the view ``product`` shows (``hh``, ``xf``, …); the first one if empty.
    Without a history (an untrained network, a bare trace) ``loss`` shows the losses of the pass.

    Raises:
        UserError: if there is no such view, or the pass has no such step.
    """
    width, height = float(size[0]), float(size[1])
    if view == "loss" and history is not None and len(history) > 0:
        options = CurveOptions()
        return curve_picture(history, trace.iteration, theme(theme_name), width, height, options)
    if view == "loss":
        build = _strips(lambda s: s.family in ("tokens", "loss"))
    elif view == "product":
        build = _product(product)
    elif view in BUILDERS:
        build = BUILDERS[view]
    else:
        raise UserError(f"there is no view {view!r}; use one of window, {', '.join(VIEWS)}")
    return build(view_state(trace, step, theme_name, width), width, height)
