"""PyTorch's weights in and out: ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` as ``.safetensors``.

PyTorch adds two biases where one is enough: b_h = b_ih + b_hh. Only the GRU's new gate keeps
them apart, since its b_hn is multiplied by the reset gate. Gates are stacked alike.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.engine.network import Network
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.interop.safetensors_file import (
    TensorFile,
    is_weight_name,
    read_tensors,
    write_tensors,
)
from rnnviz.interop.torch_layout import Layout, chosen_prefix, find_layout, owned_by
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import Activation, InputKind, ModelSpec, SequenceKind

ACTIVATION = "rnnviz.activation"
INPUT_KIND = "rnnviz.input_kind"


@dataclass(frozen=True, slots=True)
class TorchWeights:
    """A model description and the values of its parameters by our names (``docs/trace.md``)."""

    spec: ModelSpec
    values: dict[str, Array]
    layout: Layout


def load_network(path: str | os.PathLike[str], **settings: Any) -> Network:
    """A network with the weights of a ``.safetensors`` file; settings as `read_torch_weights`.

    Raises:
        UserError: as `read_torch_weights`, and if the dtype is one that no network works in.
    """
    found = read_torch_weights(path, **settings)
    dtype = next(iter(found.values.values())).dtype
    params = Parameters(parameter_shapes(found.spec), dtype)
    params.assign(found.values)
    return Network(found.spec, params)


def read_torch_weights(
    path: str | os.PathLike[str],
    *,
    prefix: str | None = None,
    activation: Activation | None = None,
    input_kind: InputKind | None = None,
    kind: SequenceKind = "aligned",
    dtype: Any = None,
    **options: Any,
) -> TorchWeights:
    """Read the weights; the sizes are inferred from the tensors' shapes.

    An ``nn.Embedding`` before and an ``nn.Linear`` after the recurrent module are found by
    their shapes. Without a linear layer the outputs are the module's own (W_hy = I).

    Args:
        prefix: the module's name (``"encoder.rnn"``) if the file has several;
            what belongs to the others is passed over.
        activation: of an ``nn.RNN``; weights do not show it (default: as exported, else tanh).
        input_kind: what a model without embedding reads (default: as exported, else vectors).
        dtype: default: float64 if any tensor is, else float32.
        options: more of `ModelSpec` (``head``, ``loss``).

    Raises:
        UserError: one, naming every tensor that is missing, surplus, misshapen, of an unknown type,
            not finite or too large for ``dtype``.
    """
    shown = os.fspath(path)
    file = read_tensors(path)
    shapes = {name: tensor.shape for name, tensor in file.tensors.items()}
    unread = {problem.split()[0] for problem in file.problems}
    try:
        # What was refused is there all the same: it is neither missing nor of no module.
        module = chosen_prefix([*shapes, *unread], prefix)
        if prefix is not None:
            mine = owned_by(module, shapes)
            shapes = {name: shape for name, shape in shapes.items() if name in mine}
        layout = find_layout(shapes, module, input_kind or file.metadata.get(INPUT_KIND))
    except UserError as error:
        more = [] if str(error).split()[0] in unread else [str(error)]
        raise UserError(_refusal(shown, [*file.problems, *more])) from None
    # A bias beside a weight that was refused is not surplus: its module is there.
    unread |= {f"{name.removesuffix('.weight')}.bias" for name in unread}
    wrong = [p for p in layout.problems(shapes) if p.split()[0] not in unread]
    if dtype is None:
        dtype = np.float64 if "F64" in file.types.values() else np.float32
    broken = [found for name in shapes for found in _unusable(name, file.tensors[name], dtype)]
    if file.problems or wrong or broken:
        raise UserError(_refusal(shown, [*file.problems, *wrong, *broken]))
    if layout.linear is None:
        options.setdefault("loss", "squared-error")
    try:
        spec = _spec(layout, file, activation, input_kind, kind, options)
    except UserError as error:
        raise UserError(_refusal(shown, [str(error)])) from None
    with np.errstate(over="ignore"):
        found = _values(layout, file.tensors)
        values = {name: value.astype(dtype) for name, value in found.items()}
    if layout.linear is None:
        values |= {"W_hy": np.eye(layout.width, dtype=dtype), "b_y": np.zeros(layout.width, dtype)}
    return TorchWeights(spec, values, layout)


def write_torch_weights(
    net: Network, path: str | os.PathLike[str], prefix: str = "rnn."
) -> dict[str, tuple[int, ...]]:
    """Write ``{prefix}weight_ih_l0``, …, ``embedding.weight`` and ``linear.weight``, ``.bias``.

    ``load_state_dict`` of modules of those names takes the file as it is; the whole bias
    stands in ``bias_ih``, and ``bias_hh`` is zero but for the GRU's b_hn. Returns the names
    and shapes written.

    Raises:
        UserError: if the model has something that PyTorch's modules lack, the prefix makes names
            that could not be read back, or the place cannot be written to.
    """
    if not is_weight_name(f"{prefix}weight"):
        raise UserError(
            f"the prefix {prefix!r} makes no names of weights: use letters, digits, _, - and dots, "
            "for example encoder.rnn."
        )
    spec, params = net.spec, net.params
    lacking = {
        "the jordan cell": spec.cell == "jordan",
        "an encoder and a decoder": spec.kind == "many-to-many",
        "a context vector": spec.context_size > 0,
        "a linear activation": spec.activation == "linear",
        "peepholes": spec.peepholes,
        "layer normalisation": spec.layer_norm,
        "residual connections": spec.residual,
        "a learned initial state": spec.learned_state,
    }
    found = [what for what, is_there in lacking.items() if is_there]
    if found:
        raise UserError(
            f"PyTorch's recurrent modules do not have {', '.join(found)}: such a model cannot be "
            "written under their names"
        )
    tensors: dict[str, Array] = {}
    for name in spec.layer_names():
        bias, inner = params[f"b_h_{name}"], np.zeros_like(params[f"b_h_{name}"])
        if spec.cell == "gru":
            inner[2 * spec.hidden_size :] = params[f"b_hn_{name}"]
        tensors |= {
            f"{prefix}weight_ih_{name}": params[f"W_xh_{name}"],
            f"{prefix}weight_hh_{name}": params[f"W_hh_{name}"],
            f"{prefix}bias_ih_{name}": bias,
            f"{prefix}bias_hh_{name}": inner,
        }
    if spec.input_kind == "embedding":
        tensors["embedding.weight"] = params["embedding"]
    tensors |= {"linear.weight": params["W_hy"], "linear.bias": params["b_y"]}
    notes = {"format": "pt", ACTIVATION: spec.activation, INPUT_KIND: spec.input_kind}
    write_tensors(path, tensors, notes)
    return {name: tensor.shape for name, tensor in tensors.items()}


def _spec(
    layout: Layout,
    file: TensorFile,
    activation: Activation | None,
    input_kind: InputKind | None,
    kind: SequenceKind,
    options: dict[str, Any],
) -> ModelSpec:
    if activation is not None and layout.cell != "rnn" and activation != "tanh":
        raise UserError(
            f"the file holds a {layout.cell}, whose activations are fixed: leave the activation out"
        )
    noted: Any = file.metadata.get(ACTIVATION, "tanh") if layout.cell == "rnn" else "tanh"
    reads: Any = input_kind or file.metadata.get(INPUT_KIND, "vector")
    width = layout.input_size
    if layout.embedding is not None:
        if input_kind not in (None, "embedding"):
            raise UserError(f"the file holds an embedding: its input cannot be {input_kind}")
        reads, width = "embedding", file.tensors[layout.embedding].shape[0]
    elif reads == "embedding":
        raise UserError("the file holds no embedding; its input can be one-hot or vector")
    linear = layout.linear
    return ModelSpec(
        input_size=width,
        hidden_size=layout.hidden_size,
        output_size=layout.width if linear is None else file.tensors[linear].shape[0],
        kind=kind,
        cell=layout.cell,
        activation=activation or noted,
        input_kind=reads,
        embedding_size=layout.input_size if layout.embedding is not None else 0,
        layers=layout.layers,
        bidirectional=layout.bidirectional,
        **options,
    )


def _values(layout: Layout, tensors: dict[str, Array]) -> dict[str, Array]:
    hidden, values = layout.hidden_size, dict[str, Array]()
    for layer in range(layout.layers):
        for direction in layout.directions:
            name = f"l{layer}{direction}"
            weight = tensors[f"{layout.prefix}weight_ih_{name}"]
            zero = np.zeros(weight.shape[0], weight.dtype)
            outer = tensors.get(f"{layout.prefix}bias_ih_{name}", zero).astype(np.float64)
            inner = tensors.get(f"{layout.prefix}bias_hh_{name}", zero).astype(np.float64)
            if layout.cell == "gru":
                values[f"b_hn_{name}"] = inner[2 * hidden :]
                inner = np.concatenate([inner[: 2 * hidden], np.zeros(hidden)])
            values |= {
                f"W_xh_{name}": weight,
                f"W_hh_{name}": tensors[f"{layout.prefix}weight_hh_{name}"],
                f"b_h_{name}": outer + inner,
            }
    if layout.embedding is not None:
        values["embedding"] = tensors[layout.embedding]
    if layout.linear is not None:
        values["W_hy"] = tensors[layout.linear]
        rows = values["W_hy"].shape[:1]
        bias = layout.linear_bias
        values["b_y"] = np.zeros(rows) if bias is None else tensors[bias]
    return values


def _unusable(name: str, tensor: Array, dtype: Any) -> list[str]:
    """What is wrong with the numbers of a tensor that are to be of that type."""
    if not np.isfinite(tensor).all():
        return [f"{name} contains numbers that are not finite"]
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(tensor.astype(dtype)).all():
            return []
    return [
        f"{name} contains numbers for which {np.dtype(dtype)} has no room (--dtype float64 has)"
    ]


def _refusal(shown: str, found: list[str]) -> str:
    return f"cannot use the weights in {shown!r}: {'; '.join(found)}"
