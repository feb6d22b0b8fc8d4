"""Which shape each array of a trace must have, given the model and the sizes of the pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.ranges import out_of_range
from rnnviz.trace.shapes_of_parameters import (
    Shape,
    of_layer_parameters,
    of_parameters,
    read_width,
)
from rnnviz.trace.spec import ModelSpec

Array = NDArray[Any]

_LAYER = re.compile(r"(?P<base>[A-Za-z]\w*?)_(?P<layer>l\d+(_reverse)?)")
_STATES = ("h", "c", "m", "h_direct", *"ifgorzn")
_WHOLE = ("tokens", "lengths", "cuts")
_PARTS = ("encoder_", "decoder_")
_OTHER = (*_WHOLE, "targets", "sampled", "pictures")


def problems(spec: ModelSpec, arrays: Mapping[str, Array]) -> list[str]:
    """What is wrong with the arrays of a trace, one phrase each; empty if nothing is.

    Every layer's states and the outputs must be there; every other array under a documented
    name must have its documented shape. Sizes that only the pass knows (T, B, D) are taken
    from the states and the inputs. Names that are not documented are nobody's business.
    """
    found: list[str] = []
    steps: dict[str, int] = {}
    batch: int | None = None
    for prefix in spec.prefixes:
        first = arrays.get(f"{prefix}h_l0")
        if first is None or first.ndim != 3:
            found.append(f"{prefix}h_l0 is missing or not of shape (T, B, H)")
            continue
        steps[prefix] = first.shape[0]
        batch = first.shape[1] if batch is None else batch
        found += [
            f"{prefix}{state}_{layer} is missing"
            for layer in spec.layer_names(prefix)
            for state in ("hc" if spec.has_cell_state else "h")
            if f"{prefix}{state}_{layer}" not in arrays
        ]
    if "logits" not in arrays:
        found.append("logits is missing")
    if found or batch is None:
        return found
    if batch < 1 or min(steps.values()) < 1:
        return ["the pass has no steps or no sequences"]
    for name, array in arrays.items():
        shapes = _expected(spec, name, steps, batch)
        if shapes and not any(_fits(array.shape, shape) for shape in shapes):
            wanted = " or ".join(_written(shape) for shape in shapes)
            found.append(f"{name} has shape {array.shape}, not {wanted}")
        if name == "pictures" and array.size == 0:
            found.append("pictures holds no picture")
        if _is_whole(name, array) and array.dtype.kind not in "iu":
            found.append(f"{name} holds {array.dtype} and not whole numbers")
        elif words := out_of_range(spec, name, array, steps[spec.prefixes[0]]):
            found.append(f"{name} holds {words}")
        twin = arrays.get(name.removeprefix("dL_d")) if name.startswith("dL_d") else None
        if twin is not None and twin.shape != array.shape:
            found.append(f"{name} has shape {array.shape}, not that of {name[4:]}, {twin.shape}")
    return found


def is_over_time(spec: ModelSpec, name: str) -> bool:
    """Whether an array of this name has a value for each step; True where the name says nothing.

    Its shape alone does not tell: of one unit that reads four steps W_hy (4, 1) looks like one.
    """
    steps, batch = -1, -2  # no size of the model
    shapes = _expected(spec, name, dict.fromkeys(spec.prefixes, steps), batch)
    return not shapes or any(shape[:1] == (steps,) for shape in shapes)


def as_real(name: str, array: Array) -> Array:
    """The array in a precision that can be computed with, where its name is that of real numbers.

    Who writes a trace may have stored it as integers or in half precision. Its shape stays.
    """
    real = array.dtype.kind == "f"
    if _of_part(name)[1] in _OTHER or (real and array.dtype.itemsize >= 4):
        return array
    return array.astype(np.float32 if real else np.float64)


def _is_whole(name: str, array: Array) -> bool:
    return _of_part(name)[1] in _WHOLE or (name == "targets" and array.ndim == 2)


def _of_part(name: str) -> tuple[str, str]:
    """Of an encoder–decoder's ``decoder_tokens`` the part, ``decoder_``, and ``tokens``."""
    prefix = next((each for each in _PARTS if name.startswith(each)), "")
    return prefix, name.removeprefix(prefix)


def _expected(spec: ModelSpec, name: str, steps: dict[str, int], batch: int) -> list[Shape]:
    """The shapes that an array of this name may have; empty if the name says nothing."""
    time = steps[spec.prefixes[-1]]
    reads = steps[spec.prefixes[0]]
    outputs = spec.output_size
    whole: dict[str, list[Shape]] = {
        "x": [(reads, batch, read_width(spec, spec.prefixes[0]))],
        "tokens": [(reads, batch)],
        "context": [(batch, spec.context_size or None)],
        "targets": [(time, batch), (time, batch, outputs)],
        "lengths": [(batch,)],
        "logits": [(time, batch, outputs)],
        "probs": [(time, batch, outputs)],
        "loss": [(time, batch)],
        "loss_mask": [(time, batch)],
        "loss_total": [()],
        "attention": [(time, batch, reads)],
        "cuts": [(None,)],
        "sampled": [(time, batch)],
        "pictures": [(None, batch, None, None, 3)],
        **{name: [shape] for name, shape in of_parameters(spec).items()},
    }
    bare = name.removeprefix("dL_d")
    if bare in whole:
        return whole[bare]
    part, base = _of_part(bare)
    if part in steps and base in ("x", "tokens"):
        here = steps[part], batch
        return [(*here, read_width(spec, part))] if base == "x" else [here]
    if name.startswith("step_norm_"):
        prefix = next((p for p in spec.prefixes if p and name[10:].startswith(p)), "")
        return [(steps[prefix] if prefix else time,)]
    prefix = next((p for p in spec.prefixes if p and bare.startswith(p)), "")
    match = _LAYER.fullmatch(bare.removeprefix(prefix))
    if match is None or prefix not in steps:
        return []
    return _of_layer(spec, match["base"], match["layer"], prefix, (steps[prefix], batch))


def _of_layer(
    spec: ModelSpec, base: str, layer: str, prefix: str, pass_size: tuple[int, int]
) -> list[Shape]:
    hidden, batch = spec.hidden_size, pass_size[1]
    if base in _STATES:
        return [(*pass_size, hidden)]
    shapes: dict[str, list[Shape]] = {
        "a": [(*pass_size, hidden * max(1, len(spec.gates)))],
        "dropout": [(*pass_size, hidden * len(spec.directions(prefix)))],
        "h0": [(batch, hidden), (hidden,)],
        "c0": [(batch, hidden), (hidden,)],
        "y0": [(batch, spec.output_size), (spec.output_size,)],
        **{name: [shape] for name, shape in of_layer_parameters(spec, layer, prefix).items()},
    }
    return shapes.get(base, [])


def _fits(shape: tuple[int, ...], wanted: Shape) -> bool:
    return len(shape) == len(wanted) and all(
        w is None or n == w for n, w in zip(shape, wanted, strict=True)
    )


def _written(shape: Shape) -> str:
    inside = ", ".join("any" if size is None else str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
