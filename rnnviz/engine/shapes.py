"""Which parameters a model has, and the order in which they lie in memory."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.trace.shapes_of_parameters import embeds, of_layer_parameters, of_parameters
from rnnviz.trace.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class Shape:
    """``sizes`` of one parameter; ``by_column``: stored column by column."""

    sizes: tuple[int, ...]
    by_column: bool = False


def parameter_shapes(spec: ModelSpec) -> dict[str, Shape]:
    """Every parameter of ``spec`` by its documented name (``docs/trace.md``)."""
    shapes: dict[str, Shape] = {}
    every = of_parameters(spec)
    for prefix in spec.prefixes:
        if embeds(spec, prefix):
            shapes[f"{prefix}embedding"] = _shape(every[f"{prefix}embedding"])
        for layer in spec.layer_names(prefix):
            one_hot = layer in ("l0", "l0_reverse") and reads_one_hot(spec, prefix)
            sizes = of_layer_parameters(spec, layer, prefix)
            for name in _of_layer(spec, prefix):
                by_column = one_hot and name == "W_xh"
                shapes[f"{prefix}{name}_{layer}"] = _shape(sizes[name], by_column=by_column)
    return shapes | {name: _shape(every[name]) for name in _of_no_layer(spec)}


def reads_one_hot(spec: ModelSpec, prefix: str) -> bool:
    """Whether the first layer of a part reads token ids without an embedding."""
    if prefix == "decoder_":
        return spec.embedding_size == 0
    return spec.input_kind == "one-hot"


def _shape(sizes: tuple[int | None, ...], *, by_column: bool = False) -> Shape:
    return Shape(tuple(size for size in sizes if size is not None), by_column)


def _of_no_layer(spec: ModelSpec) -> list[str]:
    """The bridge from encoder to decoder and attention, what a context sets, the output layer."""
    names: list[str] = []
    kinds = ("h", "c") if spec.has_cell_state else ("h",)
    if spec.kind == "many-to-many":
        if spec.bidirectional:
            names += [f"W_bridge_{kind}_l{k}" for k in range(spec.layers) for kind in kinds]
        if spec.attention == "dot" and spec.bidirectional:
            names.append("W_mem")
        names += {"general": ["W_a"], "additive": ["W_a", "U_a", "v_a"]}.get(spec.attention, [])
        if spec.attention != "none":
            names.append("W_c")
    if spec.context_size:
        names += ["W_ch", "b_ch"]
    return [*names, "W_hy", "b_y"]


def _of_layer(spec: ModelSpec, prefix: str) -> list[str]:
    names = ["W_xh", "W_yh" if spec.cell == "jordan" else "W_hh", "b_h"]
    if spec.cell == "gru":
        names.append("b_hn")
    if spec.layer_norm:
        names += ["gain_x", "gain_h"]
        names += ["gain_c", "b_c"] if spec.cell == "lstm" else []
    if spec.peepholes:
        names += ["w_ci", "w_cf", "w_co"]
    if spec.learned_state and prefix != "decoder_":  # the encoder gives it its first state
        first = ("y",) if spec.cell == "jordan" else ("h", "c") if spec.has_cell_state else ("h",)
        names += [f"{kind}_init" for kind in first]
    return names
