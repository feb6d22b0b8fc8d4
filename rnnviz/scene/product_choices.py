"""Along the bottom of a product: the other matrices of the cell, and the two directions."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.product_data import Product, product_names
from rnnviz.scene.product_places import Places
from rnnviz.scene.shapes import Box, Hit
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width

PRODUCT, WAY = "product:", "way:"
"""Ids of hits: another product of the cell, forward or backward."""


def choices(
    canvas: Canvas,
    state: ViewState,
    node: str,
    name: str,
    product: Product,
    places: Places,
    *,
    both: bool,
) -> None:
    """Along the bottom: the other products of this cell, and the two directions."""
    theme, x, y = canvas.theme, places.matrix.x, places.choices
    names = ("hy",) if node.startswith("logits@") else product_names(state.trace.spec)
    for other in names if len(names) > 1 else ():
        text = f"W_{other}"
        room = max(text_width(text, canvas.font(11.0)) / canvas.scale + 14.0, 44.0)
        chosen = other == name
        place = canvas.rect(x, y - 11.0, room, 22.0)
        fill = theme.selection if chosen else theme.panel
        stroke = theme.weight if chosen else theme.line
        canvas.over.append(Box(place, fill, stroke, 1.2, 5.0 * canvas.scale))
        canvas.label(x + room / 2, y, text, theme.weight, 11.0, align="center")
        canvas.hits.append(Hit(place, f"{PRODUCT}{other}", f"The product with {text}"))
        x += room + 6.0
    if not both:
        return
    x = places.sum.right
    for way, text, color in (
        ("backward", "backward: Wᵀδ", theme.gradient), ("forward", "forward: W·v", theme.hidden),
    ):  # fmt: skip
        room = text_width(text, canvas.font(11.0)) / canvas.scale + 16.0
        x -= room
        chosen = (way == "backward") == product.backward
        place = canvas.rect(x, y - 11.0, room, 22.0)
        canvas.over.append(
            Box(place, theme.box if chosen else theme.panel, color if chosen else theme.line,
                1.2, 5.0 * canvas.scale)
        )  # fmt: skip
        canvas.label(x + room / 2, y, text, color, 11.0, align="center")
        canvas.hits.append(Hit(place, f"{WAY}{way}", f"The {way} product"))
        x -= 6.0
