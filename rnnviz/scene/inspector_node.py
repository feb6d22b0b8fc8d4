"""Node ids taken apart: what is selected, in which part, layer, column and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rnnviz.scene.initial_state import initial_parts
from rnnviz.scene.lighting import owner
from rnnviz.scene.state import ViewState
from rnnviz.scene.timeline import OpKind
from rnnviz.trace import Part, Trace

_NODE = re.compile(
    r"(?P<prefix>encoder_|decoder_)?(?P<base>[A-Za-z]\w*?)(_(?P<layer>l\d+(_reverse)?))?"
    r"(@(?P<column>-?\d+))?(\[(?P<unit>\d+)\])?"
)


@dataclass(frozen=True, slots=True)
class Node:
    """``decoder_h_l1@7[3]``: base ``h``, layer ``l1``, column 7, unit 3; -1 is none.

    `step` counts from 1 within the part, as on screen; `part` is where the column lies.
    """

    base: str
    prefix: str
    layer: str
    column: int
    unit: int
    part: Part

    @property
    def step(self) -> int:
        return self.column - self.part.start + 1

    @property
    def index(self) -> int:
        """The step counted from 0 within the part: the first index of the part's arrays."""
        return self.column - self.part.start


def parse_node(trace: Trace, text: str) -> Node | None:
    """The node that an id names in a trace, or None if it names nothing there.

    Of an edge (``h_l0@2>h_l0@3``) it is the node at its end, of a gradient what it is taken by, of
    an initial state the first step, which reads it.
    """
    named = owner(re.split(r"->|>|→", text)[-1].strip())
    match = _NODE.fullmatch(_first_reader(trace, named) or named)
    if match is None:
        return None
    column = int(match["column"]) if match["column"] else -1
    if column >= trace.columns:
        return None
    part = next((p for p in trace.parts if p.start <= column < p.stop), trace.parts[0])
    base, prefix = match["base"], match["prefix"] or ""
    if not prefix and column >= 0 and base in ("x", "input"):
        prefix = part.prefix
    layer = match["layer"] or ""
    unit = int(match["unit"]) if match["unit"] else -1
    if column < 0 and base not in ("W", "loss_total", "L") and not base.startswith(("W_", "b_")):
        return None
    return Node(base, prefix, layer, column, unit, part)


def _first_reader(trace: Trace, named: str) -> str:
    """The state or output that starts from an initial state; empty for any other id."""
    start = initial_parts(named)
    if start is None or start[0] not in trace.spec.prefixes:
        return ""
    prefix, letter, layer = start
    part = next(part for part in trace.parts if part.prefix == prefix)
    column = part.stop - 1 if layer.endswith("_reverse") else part.start
    return f"{prefix}{'h' if letter == 'y' else letter}_{layer}@{column}"


def gradient_is_known(state: ViewState, node: Node) -> bool:
    """Whether the cursor has reached the gradient of the node on its way back."""
    kind: OpKind = "output" if node.base in ("logits", "probs") else "state"
    layer = node.layer if kind == "state" else ""
    prefix = node.prefix if kind == "state" else None
    done = state.cursor.done
    return node.column in state.timeline.known(done, "backward", kind, layer, prefix)
