"""The names of the views that can be exported: light to import, so that every ``--help`` can list
them.
"""

from __future__ import annotations

STAGE = "stage"
"""The graph, or the cell or product that stands in its place, with the strips under it."""
PASS_VIEWS: tuple[str, ...] = (
    *(STAGE, "graph", "rolled", "cell", "product"),
    *("strips", "states", "gradients", "inspector"),
)
"""What there is of a pass: every view that also plays."""
VIEWS: tuple[str, ...] = (*PASS_VIEWS, "loss")
"""The single views; ``loss`` is the training curve."""
UNROLLING = "unrolling"
"""The moving view in which the rolled graph unrolls; the others play the pass."""
FILM_VIEWS: tuple[str, ...] = (*PASS_VIEWS, UNROLLING)
WINDOW = "window"
"""The whole window; a picture of it cannot move."""
