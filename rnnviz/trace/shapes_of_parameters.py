"""The shape of every documented weight, bias and table, from the description of the model."""

from __future__ import annotations

from rnnviz.trace.spec import ModelSpec

Shape = tuple[int | None, ...]
"""None where the description leaves a size open."""


def of_parameters(spec: ModelSpec) -> dict[str, list[Shape]]:
    """What belongs to no layer, by name: the shapes that each may have."""
    outputs, hidden = spec.output_size, spec.hidden_size
    handed = hidden * len(spec.directions(spec.prefixes[-1]))
    memory = hidden * len(spec.directions(spec.prefixes[0]))
    additive = spec.attention == "additive"
    shapes: dict[str, list[Shape]] = {
        "W_hy": [(outputs, handed)],
        "b_y": [(outputs,)],
        "W_ch": [(hidden, spec.context_size or None)],
        "b_ch": [(hidden,)],
        "W_a": [(hidden, hidden) if additive else (hidden, memory)],
        "U_a": [(hidden, memory)],
        "v_a": [(1, hidden)],
        "W_mem": [(hidden, memory)],
        "W_c": [(hidden, hidden + memory)],
    }
    width = spec.embedding_size or None
    for prefix in spec.prefixes:
        words = outputs if prefix == "decoder_" else spec.input_size
        shapes[f"{prefix}embedding"] = [(words, width)]
    for layer in range(spec.layers):
        for state in "hc":
            shapes[f"W_bridge_{state}_l{layer}"] = [(hidden, memory)]
    return shapes


def read_width(spec: ModelSpec, prefix: str) -> int:
    """D, the numbers in x_t as the bottom layer of a part reads it."""
    embeds = spec.embedding_size > 0 and (prefix == "decoder_" or spec.input_kind == "embedding")
    words = spec.output_size if prefix == "decoder_" else spec.input_size
    return spec.embedding_size if embeds else words


def of_layer_parameters(spec: ModelSpec, layer: str, prefix: str) -> dict[str, list[Shape]]:
    """What belongs to the layer ``l1_reverse`` of a part, by the name before the layer's."""
    hidden = spec.hidden_size
    stacked = hidden * max(1, len(spec.gates))
    first = layer.startswith("l0")
    below = read_width(spec, prefix) if first else hidden * len(spec.directions(prefix))
    vector: list[Shape] = [(hidden,)]
    return {
        "W_xh": [(stacked, below)],
        "W_hh": [(stacked, hidden)],
        "W_yh": [(hidden, spec.output_size)],
        "b_h": [(stacked,)],
        "gain_x": [(stacked,)],
        "gain_h": [(stacked,)],
        "y_init": [(spec.output_size,)],
        **dict.fromkeys(("b_hn", "gain_c", "b_c", "h_init", "c_init"), vector),
        **dict.fromkeys(("w_ci", "w_cf", "w_co"), vector),
    }
