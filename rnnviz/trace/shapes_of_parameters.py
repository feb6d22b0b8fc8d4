"""The shape of every documented weight, bias and table, from the description of the model.

Also of those that this model does not have: what a trace calls ``W_hh_l0`` must look like one.
``rnnviz.engine.shapes`` says which of them a model has.
"""

from __future__ import annotations

from rnnviz.trace.spec import ModelSpec

Shape = tuple[int | None, ...]
"""None where the description leaves a size open."""


def of_parameters(spec: ModelSpec) -> dict[str, Shape]:
    """What belongs to no layer, by name."""
    outputs, hidden = spec.output_size, spec.hidden_size
    memory = feature_width(spec, spec.prefixes[0])
    shapes: dict[str, Shape] = {
        "W_hy": (outputs, feature_width(spec, spec.prefixes[-1])),
        "b_y": (outputs,),
        "W_ch": (hidden, spec.context_size or None),
        "b_ch": (hidden,),
        "W_a": (hidden, hidden if spec.attention == "additive" else memory),
        "U_a": (hidden, memory),
        "v_a": (1, hidden),
        "W_mem": (hidden, memory),
        "W_c": (hidden, hidden + memory),
    }
    for prefix in spec.prefixes:
        words = outputs if prefix == "decoder_" else spec.input_size
        shapes[f"{prefix}embedding"] = (words, spec.embedding_size or None)
    for layer in range(spec.layers):
        for state in "hc":
            shapes[f"W_bridge_{state}_l{layer}"] = (hidden, memory)
    return shapes


def of_layer_parameters(spec: ModelSpec, layer: str, prefix: str) -> dict[str, Shape]:
    """What belongs to the layer ``l1_reverse`` of a part, by the name before the layer's."""
    hidden, outputs = spec.hidden_size, spec.output_size
    stacked = hidden * max(1, len(spec.gates))
    first = layer in ("l0", "l0_reverse")
    below = read_width(spec, prefix) if first else feature_width(spec, prefix)
    shapes: dict[str, Shape] = {
        "W_xh": (stacked, below),
        "W_hh": (stacked, hidden),
        "W_yh": (hidden, outputs),
        "y_init": (outputs,),
    }
    shapes |= dict.fromkeys(("b_h", "gain_x", "gain_h"), (stacked,))
    shapes |= dict.fromkeys(("b_hn", "gain_c", "b_c", "h_init", "c_init"), (hidden,))
    return shapes | dict.fromkeys(("w_ci", "w_cf", "w_co"), (hidden,))


def feature_width(spec: ModelSpec, prefix: str) -> int:
    """Width of what a part hands upwards: H, or 2H where it runs in both directions."""
    return spec.hidden_size * len(spec.directions(prefix))


def read_width(spec: ModelSpec, prefix: str) -> int:
    """D, the numbers in x_t as the bottom layer of a part reads it."""
    if embeds(spec, prefix):
        return spec.embedding_size
    return spec.output_size if prefix == "decoder_" else spec.input_size


def embeds(spec: ModelSpec, prefix: str) -> bool:
    """Whether a part looks its tokens up in a table of vectors."""
    return spec.embedding_size > 0 and (prefix == "decoder_" or spec.input_kind == "embedding")
