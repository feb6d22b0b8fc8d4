"""Which numbers of a product can be taken in hand: the entries of its matrix, and of its vector
where that is a state, an input or an output of the pass."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.number_fields import NumberField
from rnnviz.scene.product_data import Product
from rnnviz.scene.product_places import Places
from rnnviz.trace import ModelSpec, Trace


def number_fields(
    canvas: Canvas, trace: Trace, product: Product, data: CellData | None, node: str, places: Places
) -> tuple[NumberField, ...]:
    """The fields of a product at ``node``; ``data`` is None for that of the output."""
    column = int(node.rpartition("@")[2])
    place, spec = places.matrix, trace.spec
    name, gate = _matrix(spec, product.name, data)
    whole = NumberField(
        canvas.rect(place.x, place.y, place.w, place.h),
        f"{name}@{column}",
        product.rows,
        product.columns,
        first=spec.gates.index(gate) * spec.hidden_size if gate else 0,
        matrix=True,
        transposed=product.backward,
    )
    read = None if product.backward else _vector(trace, product.name, data, column)
    if read is None:
        return (whole,)
    over = places.vector
    rect = canvas.rect(over.x, over.y, over.w, over.h)
    return whole, NumberField(rect, read, 1, product.columns)


def _matrix(spec: ModelSpec, name: str, data: CellData | None) -> tuple[str, str]:
    """The array that holds the matrix, and the gate whose block of it that is."""
    if data is None:
        return "W_hy", ""
    gate = name[1:] if spec.gates else ""
    base = {"x": "W_xh", "y": "W_yh"}.get(name[0], "W_hh")
    return f"{data.prefix}{base}_{data.layer}", gate


def _vector(trace: Trace, name: str, data: CellData | None, column: int) -> str | None:
    """The node of the vector; None where it is no array of the pass, or before its first step."""
    spec = trace.spec
    part = trace.output_part if data is None else None
    summed = spec.residual or spec.dropout > 0.0
    if data is None:
        plain = spec.head == "step" and spec.attention == "none" and not summed
        one_way = part is not None and len(spec.directions(part.prefix)) == 1
        top = "" if part is None else f"{part.prefix}h_l{spec.layers - 1}@{column}"
        return top if plain and one_way else None
    if name[0] == "x":
        if data.depth == 0:
            return f"{data.prefix}x@{column}"
        below = f"{data.prefix}h_l{data.depth - 1}@{column}"
        return below if not summed and len(spec.directions(data.prefix)) == 1 else None
    before = data.neighbours[0]
    if before is None:
        return None
    return f"logits@{before}" if name[0] == "y" else f"{data.prefix}h_{data.layer}@{before}"
