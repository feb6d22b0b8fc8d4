"""Which parameters a model has, their shapes, and the order in which they lie in memory."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.trace.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class Shape:
    """``sizes`` of one parameter; ``by_column``: stored column by column."""

    sizes: tuple[int, ...]
    by_column: bool = False


def parameter_shapes(spec: ModelSpec) -> dict[str, Shape]:
    """Every parameter of ``spec`` by its documented name (``docs/trace.md``)."""
    shapes: dict[str, Shape] = {}
    for prefix in spec.prefixes:
        shapes |= _part(spec, prefix)
    if spec.kind == "many-to-many":
        shapes |= _between(spec)
    if spec.context_size:
        shapes["W_ch"] = Shape((spec.hidden_size, spec.context_size))
        shapes["b_ch"] = Shape((spec.hidden_size,))
    width = spec.hidden_size if spec.attention != "none" else feature_width(spec, spec.prefixes[-1])
    shapes["W_hy"] = Shape((spec.output_size, width))
    shapes["b_y"] = Shape((spec.output_size,))
    return shapes


def feature_width(spec: ModelSpec, prefix: str) -> int:
    """Width of what a part hands upwards: H, or 2H where it runs in both directions."""
    return spec.hidden_size * len(spec.directions(prefix))


def input_width(spec: ModelSpec, prefix: str) -> int:
    """Width of ``x_t`` as the first layer of a part reads it."""
    if prefix == "decoder_":
        return spec.embedding_size or spec.output_size
    return spec.embedding_size if spec.input_kind == "embedding" else spec.input_size


def reads_one_hot(spec: ModelSpec, prefix: str) -> bool:
    """Whether the first layer of a part reads token ids without an embedding."""
    if prefix == "decoder_":
        return spec.embedding_size == 0
    return spec.input_kind == "one-hot"


def _between(spec: ModelSpec) -> dict[str, Shape]:
    """From encoder to decoder: the bridge of its states, and attention."""
    hidden, width = spec.hidden_size, feature_width(spec, "encoder_")
    shapes: dict[str, Shape] = {}
    if spec.bidirectional:
        kinds = ("h", "c") if spec.has_cell_state else ("h",)
        for layer in range(spec.layers):
            for kind in kinds:
                shapes[f"W_bridge_{kind}_l{layer}"] = Shape((hidden, width))
    if spec.attention == "dot" and width != hidden:
        shapes["W_mem"] = Shape((hidden, width))
    elif spec.attention == "general":
        shapes["W_a"] = Shape((hidden, width))
    elif spec.attention == "additive":
        shapes["W_a"] = Shape((hidden, hidden))
        shapes["U_a"] = Shape((hidden, width))
        shapes["v_a"] = Shape((1, hidden))
    if spec.attention != "none":
        shapes["W_c"] = Shape((hidden, hidden + width))
    return shapes


def _part(spec: ModelSpec, prefix: str) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    width = input_width(spec, prefix)
    if not reads_one_hot(spec, prefix) and (prefix == "decoder_" or spec.input_kind == "embedding"):
        words = spec.output_size if prefix == "decoder_" else spec.input_size
        shapes[f"{prefix}embedding"] = Shape((words, width))
    for layer in range(spec.layers):
        for direction in spec.directions(prefix):
            name = f"l{layer}{direction}"
            one_hot = layer == 0 and reads_one_hot(spec, prefix)
            cell = _cell(spec, width, one_hot)
            if spec.learned_state and prefix != "decoder_":  # the encoder gives it its first state
                cell |= _first_state(spec)
            for part, shape in cell.items():
                shapes[f"{prefix}{part}_{name}"] = shape
        width = feature_width(spec, prefix)
    return shapes


def _cell(spec: ModelSpec, width: int, one_hot: bool) -> dict[str, Shape]:
    hidden = spec.hidden_size
    rows = hidden * max(1, len(spec.gates))
    shapes = {"W_xh": Shape((rows, width), by_column=one_hot)}
    if spec.cell == "jordan":
        shapes["W_yh"] = Shape((hidden, spec.output_size))
    else:
        shapes["W_hh"] = Shape((rows, hidden))
    shapes["b_h"] = Shape((rows,))
    if spec.cell == "gru":
        shapes["b_hn"] = Shape((hidden,))
    if spec.layer_norm:
        shapes |= {"gain_x": Shape((rows,)), "gain_h": Shape((rows,))}
        if spec.cell == "lstm":
            shapes |= {"gain_c": Shape((hidden,)), "b_c": Shape((hidden,))}
    if spec.peepholes:
        shapes |= {name: Shape((hidden,)) for name in ("w_ci", "w_cf", "w_co")}
    return shapes


def _first_state(spec: ModelSpec) -> dict[str, Shape]:
    if spec.cell == "jordan":
        return {"y_init": Shape((spec.output_size,))}
    kinds = ("h", "c") if spec.has_cell_state else ("h",)
    return {f"{kind}_init": Shape((spec.hidden_size,)) for kind in kinds}
