"""The inspector: the equation of the selected node with this step's numbers under it."""

from __future__ import annotations

import re
from collections.abc import Hashable

import numpy as np

from rnnviz.scene.equations import equations_of
from rnnviz.scene.equations_places import symbol_nodes
from rnnviz.scene.equations_spoken import spoken
from rnnviz.scene.graph.silence import silence_of
from rnnviz.scene.inspector_fields import InspectorPicture
from rnnviz.scene.inspector_findings import Findings, findings_section
from rnnviz.scene.inspector_flow import MARGIN, Flow
from rnnviz.scene.inspector_loss import loss_section, total_section
from rnnviz.scene.inspector_node import Node, gradient_is_known, parse_node
from rnnviz.scene.inspector_output import attention_section, input_section, output_section
from rnnviz.scene.inspector_reset import reset_section
from rnnviz.scene.inspector_state import state_section
from rnnviz.scene.inspector_weights import weights_section
from rnnviz.scene.inspector_words import subtitle, title
from rnnviz.scene.lighting import lights
from rnnviz.scene.sampled import drawn_steps, inputs_known
from rnnviz.scene.shapes import Box, Equation, Hit, Label, Layer, Picture
from rnnviz.scene.state import ViewState

_LISTENED = 900
"""Characters of the summary: the equations and their numbers come first, the rest can be looked
up."""
OVER = "The sequence is over at this step: nothing is computed here."
_SIGNS = re.compile(r"× 10\S+|[\s().+=⊙×−]*(tanh|ReLU|relu|σ|softmax)?[\s().+=⊙×−]*")
"""A line that only has what stands between matrices: nothing that one could listen to."""


def inspected_node(state: ViewState) -> Node | None:
    """What the inspector is about: the selection, or else what the cursor is at."""
    chosen = parse_node(state.trace, state.selected) if state.selected else None
    return chosen or parse_node(state.trace, state.cursor.node)


@np.errstate(invalid="ignore", over="ignore")  # a diverged pass has no numbers, and says so
def inspector_picture(
    state: ViewState, width: float, height: float, findings: Findings | None = None
) -> Picture:
    """The inspector in a panel `width` pixels wide; its height is what it needs, at least
    `height`: the view scrolls what does not fit."""
    node = inspected_node(state)
    if node is None:
        flow = Flow(state.theme, width)
        flow.words("Select a part of the graph to see its equation and its numbers.", 12.0)
        return _picture(flow, state, height, None, "Nothing is selected.")
    flow = Flow(state.theme, width, nodes=symbol_nodes(state.trace, node, state.row))
    flow.title(title(state.trace, node))
    flow.words(subtitle(state, node))
    flow.gap(8.0)
    over = is_over(state, node)
    if over:
        flow.words(OVER, 12.0)
    else:
        _section(flow, state, node)
    if findings is not None and not over:
        findings_section(flow, state, node, findings)
    reached = gradient_is_known(state, node)
    key: Hashable = (
        "inspector", state.trace, node, state.row, state.theme.key, width, reached, findings,
        state.cursor.column if node.column < 0 else -1,
        inputs_known(state), drawn_steps(state),
    )  # fmt: skip
    return _picture(flow, state, height, key, _summary(flow, state, node))


def is_over(state: ViewState, node: Node) -> bool:
    """Whether the shown sequence has ended before the node's step: what stands in the arrays there
    was not made from anything."""
    column = node.column
    if column < 0 or node.base.startswith("W"):
        return False
    return column in silence_of(state.trace, state.row, range(column, column + 1)).padding


def _section(flow: Flow, state: ViewState, node: Node) -> None:
    states = ("h", "c", *state.trace.spec.gates)
    if node.base in states and node.layer:
        state_section(flow, state, node)
    elif node.base == "m" and node.layer:
        reset_section(flow, state, node)
    elif node.base in ("logits", "probs"):
        output_section(flow, state, node)
    elif node.base == "loss":
        loss_section(flow, state, node)
    elif node.base in ("loss_total", "L"):
        total_section(flow, state, node)
    elif node.base == "attention":
        attention_section(flow, state, node)
    elif node.base in ("x", "input"):
        input_section(flow, state, node)
    else:
        weights_section(flow, state, node)


def _picture(flow: Flow, state: ViewState, height: float, key: Hashable, summary: str) -> Picture:
    needed = max(height, flow.y + MARGIN)
    formulas = tuple(shape for shape in flow.shapes if isinstance(shape, Equation))
    others = tuple(shape for shape in flow.shapes if not isinstance(shape, Equation))
    # Formulas take longest to paint, and pass after pass has the same: they lie below.
    layers = (
        Layer(formulas, ("formulas", formulas)),
        Layer(others, key),
        lit_symbols(state, flow.hits),
    )
    return InspectorPicture(
        flow.width, needed, state.theme.panel, layers, tuple(flow.hits), summary,
        tuple(flow.fields),
    )  # fmt: skip


def lit_symbols(state: ViewState, hits: list[Hit]) -> Layer:
    """A tint on the symbols and matrices of what is pointed at, here or in another view."""
    theme = state.theme
    fill = theme.accent & 0x00FFFFFF | 0x30000000
    places = [hit.rect.inset(-2.0) for hit in hits if lights(state.hovered, hit.node)]
    shapes = tuple(Box(place, fill, theme.accent, 1.2, 3.0) for place in places)
    return Layer(shapes, ("lit", tuple(places), theme.key), role="control")


def _summary(flow: Flow, state: ViewState, node: Node) -> str:
    """The equations, and what else the panel says line by line, as far as one would listen."""
    if state.live:
        # While passes stream by, nobody could listen to their numbers.
        return f"Inspector: {title(state.trace, node)}"
    lines: dict[float, list[str]] = {}
    for shape in flow.shapes:
        if isinstance(shape, Label):
            lines.setdefault(shape.rect.y, []).append(shape.text)
    rows = [" ".join(words) for _, words in sorted(lines.items())]
    told = [row.strip() for row in rows if not _SIGNS.fullmatch(row)]
    equations = equations_of(state.trace, node, state.row)
    if equations.forward and not is_over(state, node):
        told.insert(1, spoken(equations.forward))
    if equations.backward and "backward" in told:
        told.insert(told.index("backward") + 1, spoken(equations.backward))
    return f"Inspector: {'. '.join(told)[:_LISTENED]}".rstrip()
