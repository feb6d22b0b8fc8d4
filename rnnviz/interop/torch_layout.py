"""PyTorch's names and shapes: finding the recurrent module, the embedding and the linear layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rnnviz.interop.torch_neighbours import Shape, find_neighbours
from rnnviz.trace.errors import UserError
from rnnviz.trace.spec import CellKind

GATES: dict[int, CellKind] = {1: "rnn", 4: "lstm", 3: "gru"}
LAYERS = 16
_LISTED = 8
_RECURRENT = re.compile(
    r"(?P<prefix>(?:.*\.)?)(?P<kind>weight|bias)_(?P<side>ih|hh|hr)_l(?P<layer>\d+)(?P<back>_reverse)?"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which modules a file holds: ``nn.RNN``/``LSTM``/``GRU`` under ``prefix``, and its sizes.

    ``embedding`` and ``linear`` are the names of the two other modules' weights, where present.
    """

    prefix: str
    cell: CellKind
    input_size: int
    hidden_size: int
    layers: int
    bidirectional: bool
    biases: bool
    embedding: str | None
    linear: str | None
    linear_bias: str | None

    @property
    def directions(self) -> tuple[str, ...]:
        """What PyTorch appends to the names of each direction."""
        return ("", "_reverse") if self.bidirectional else ("",)

    @property
    def width(self) -> int:
        """What the module hands on: H, or 2H in both directions."""
        return self.hidden_size * len(self.directions)

    def recurrent_shapes(self) -> dict[str, Shape]:
        """The shape of every tensor of the recurrent module, by PyTorch's name."""
        rows = self.hidden_size * next(n for n, cell in GATES.items() if cell == self.cell)
        shapes: dict[str, Shape] = {}
        for layer in range(self.layers):
            for direction in self.directions:
                name = f"l{layer}{direction}"
                width = self.width if layer else self.input_size
                shapes[f"{self.prefix}weight_ih_{name}"] = (rows, width)
                shapes[f"{self.prefix}weight_hh_{name}"] = (rows, self.hidden_size)
                if self.biases:
                    shapes[f"{self.prefix}bias_ih_{name}"] = (rows,)
                    shapes[f"{self.prefix}bias_hh_{name}"] = (rows,)
        return shapes

    def problems(self, shapes: Mapping[str, Shape]) -> list[str]:
        """One phrase for every tensor that is missing, surplus or of the wrong shape."""
        expected = self.recurrent_shapes()
        if self.linear is not None and self.linear_bias is not None:
            expected[self.linear_bias] = shapes[self.linear][:1]
        extra = {self.embedding, self.linear} - {None}
        found = [f"{name} is missing" for name in expected if name not in shapes]
        for name, shape in shapes.items():
            if name in expected and shape != expected[name]:
                found.append(f"{name} has shape {shape}, not {expected[name]}")
            elif name not in expected and name not in extra:
                found.append(f"{name} is not part of one recurrent module, embedding or output")
        return found


def owned_by(prefix: str, names: Iterable[str]) -> set[str]:
    """The tensors of the recurrent module ``prefix``, and all that no other one is closer to.

    Closer is what shares more of the path: of ``encoder.rnn.`` and ``decoder.rnn.`` the second
    owns ``decoder.out.weight``, and both might own ``out.weight``.
    """
    owners = {name: m["prefix"] for name in names if (m := _RECURRENT.fullmatch(name))}
    others = {owner for owner in owners.values() if owner != prefix}

    def closest(name: str) -> bool:
        if name in owners:
            return owners[name] == prefix
        own = _shared_path(name, prefix)
        return all(_shared_path(name, other) <= own for other in others)

    return {name for name in names if closest(name)}


def _shared_path(name: str, prefix: str) -> int:
    parents = zip(name.split("."), prefix.split(".")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], parents))


def _listed(prefixes: Sequence[str]) -> str:
    shown = ", ".join(repr(prefix) for prefix in prefixes[:_LISTED])
    return f"{shown} and {len(prefixes) - _LISTED} more" if len(prefixes) > _LISTED else shown


def chosen_prefix(names: Iterable[str], prefix: str | None) -> str:
    """The prefix of the recurrent module meant, with its dot; None means the only one there is.

    Raises:
        UserError: if there is no recurrent module, none of that prefix, or more than one to
            choose from; it names the prefixes found.
    """
    found = sorted({m["prefix"] for name in names if (m := _RECURRENT.fullmatch(name))})
    if not found:
        raise UserError(
            "there is no nn.RNN, nn.LSTM or nn.GRU in it: no tensor is called weight_ih_l0"
        )
    if prefix is None:
        if len(found) > 1:
            raise UserError(
                f"it holds {len(found)} recurrent modules and one at a time can be shown: name it "
                f"as prefix (--prefix), one of {_listed(found)}"
            )
        return found[0]
    wanted = f"{prefix}." if prefix and not prefix.endswith(".") else prefix
    if wanted not in found:
        raise UserError(
            f"it holds no recurrent module with the prefix {prefix!r}; there is {_listed(found)}"
        )
    return wanted


def find_layout(shapes: Mapping[str, Shape], prefix: str, reads: str | None = None) -> Layout:
    """Infer the modules from names and shapes, (rows, columns) or (rows,) by PyTorch's names.

    ``reads`` is the ``InputKind`` of the model, if somebody has said it.

    Raises:
        UserError: if the recurrent module called ``prefix`` is of an unknown kind, or if it cannot
            be told what stands beside it.
    """
    matches = [m for name in shapes if (m := _RECURRENT.fullmatch(name))]
    mine = [m for m in matches if m["prefix"] == prefix]
    if any(m["side"] == "hr" for m in mine):
        raise UserError("an LSTM with proj_size is not supported: train one without projection")
    first, second = shapes.get(f"{prefix}weight_ih_l0"), shapes.get(f"{prefix}weight_hh_l0")
    for name, shape in (("weight_ih_l0", first), ("weight_hh_l0", second)):
        if shape is None or len(shape) != 2 or 0 in shape:
            state = "is missing" if shape is None else f"has shape {shape}, not two dimensions"
            raise UserError(f"{prefix}{name} {state}")
    assert first is not None
    assert second is not None
    rows, hidden = second
    cell = GATES.get(rows // hidden) if rows % hidden == 0 else None
    if cell is None:
        raise UserError(
            f"{prefix}weight_hh_l0 has shape {second}; the rows must be 1, 3 or 4 times the "
            "columns (nn.RNN, nn.GRU, nn.LSTM)"
        )
    layers = 1 + max(int(m["layer"]) for m in mine)
    if layers > LAYERS:
        raise UserError(f"it names layer {layers - 1}; at most {LAYERS} layers can be shown")
    bidirectional = any(m["back"] for m in mine)
    width = hidden * (2 if bidirectional else 1)
    others = [name for name in shapes if not _RECURRENT.fullmatch(name)]
    embedding, linear = find_neighbours(shapes, others, first[1], width, reads)
    bias = linear.removesuffix("weight") + "bias" if linear else None
    return Layout(
        prefix=prefix,
        cell=cell,
        input_size=first[1],
        hidden_size=hidden,
        layers=layers,
        bidirectional=bidirectional,
        biases=any(m["kind"] == "bias" for m in mine),
        embedding=embedding,
        linear=linear,
        linear_bias=bias if bias in shapes else None,
    )
