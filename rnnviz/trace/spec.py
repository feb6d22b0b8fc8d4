"""What a model is made of: the description every floor of the house agrees on."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Literal, get_args

from rnnviz.trace.errors import UserError
from rnnviz.trace.whole import whole

SequenceKind = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many", "aligned"]
CellKind = Literal["rnn", "jordan", "lstm", "gru"]
Activation = Literal["tanh", "relu", "linear"]
InputKind = Literal["one-hot", "vector", "embedding"]
Head = Literal["step", "last", "mean", "max"]
Loss = Literal["cross-entropy", "squared-error"]
Attention = Literal["none", "dot", "general", "additive"]

GATES: dict[CellKind, tuple[str, ...]] = {
    "rnn": (),
    "jordan": (),
    "lstm": ("i", "f", "g", "o"),
    "gru": ("r", "z", "n"),
}
"""Gate names in the order in which they are stacked in the weights (PyTorch's order)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """The architecture of one model, without its numbers.

    Sizes are counts of units: ``input_size`` is D (the vocabulary for ``one-hot`` and
    ``embedding`` input, the width of ``x_t`` for ``vector``), ``hidden_size`` is H,
    ``output_size`` is V. ``kind="many-to-many"`` is an encoder and a decoder of the same
    cell, depth and width; the decoder reads tokens of ``output_size`` classes, embedded in
    ``embedding_size`` numbers (one-hot if 0). ``context_size`` > 0 (one-to-many) is the width
    of a feature vector, for example of a picture, that sets the first state through
    ``h_0 = tanh(W_ch context + b_ch)``.

    Raises:
        UserError: if a value is out of range or two of them exclude each other.
    """

    input_size: int
    hidden_size: int
    output_size: int
    kind: SequenceKind = "aligned"
    cell: CellKind = "rnn"
    activation: Activation = "tanh"
    input_kind: InputKind = "one-hot"
    embedding_size: int = 0
    layers: int = 1
    bidirectional: bool = False
    residual: bool = False
    layer_norm: bool = False
    peepholes: bool = False
    learned_state: bool = False
    dropout: float = 0.0
    head: Head = "step"
    loss: Loss = "cross-entropy"
    context_size: int = 0
    attention: Attention = "none"

    def __post_init__(self) -> None:
        self._check_choices()
        self._check_sizes()
        self._check_combinations()

    def _check_choices(self) -> None:
        choices = {
            "kind": SequenceKind,
            "cell": CellKind,
            "activation": Activation,
            "input_kind": InputKind,
            "head": Head,
            "loss": Loss,
            "attention": Attention,
        }
        for name, kind in choices.items():
            allowed = get_args(kind)
            value = getattr(self, name)
            if value not in allowed:
                raise UserError(f"{name} is {value!r}; use one of {', '.join(allowed)}")

    def _check_sizes(self) -> None:
        limits = {
            "input_size": (1, 1_000_000),
            "hidden_size": (1, 8192),
            "output_size": (1, 1_000_000),
            "layers": (1, 16),
            "embedding_size": (0, 8192),
            "context_size": (0, 65536),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            whole(name, value, low, high)
        if not _is_number(self.dropout, Real) or not 0.0 <= self.dropout < 1.0:
            raise UserError(
                f"dropout is {self.dropout!r}; use a share from 0 up to, not including, 1"
            )
        for name in ("bidirectional", "residual", "layer_norm", "peepholes", "learned_state"):
            if not isinstance(getattr(self, name), bool):
                raise UserError(f"{name} is {getattr(self, name)!r}; use true or false")

    def _check_combinations(self) -> None:
        wrong: list[tuple[bool, str]] = [
            (
                self.input_kind == "embedding" and self.embedding_size == 0,
                "embedding input needs an embedding_size of at least 1",
            ),
            (
                self.attention != "none" and self.kind != "many-to-many",
                "attention needs an encoder to look at: only many-to-many models have one",
            ),
            (
                self.peepholes and self.cell != "lstm",
                "peepholes exist only in the lstm cell: leave them out or set cell to lstm",
            ),
            (
                self.peepholes and self.layer_norm,
                "peepholes and layer_norm are two different lstm cells: choose one",
            ),
            (
                self.activation != "tanh" and self.cell in ("lstm", "gru"),
                f"the {self.cell} cell has fixed activations: leave activation at tanh",
            ),
            (
                self.cell == "jordan"
                and (self.layers > 1 or self.bidirectional or self.kind == "many-to-many"),
                (
                    "the jordan cell feeds its output back: use one layer and one direction, "
                    "and not many-to-many"
                ),
            ),
            (
                self.cell == "jordan"
                and (self.dropout > 0 or self.layer_norm or self.context_size > 0),
                "the jordan cell has no dropout, layer_norm or context: its memory is its output",
            ),
            (
                self.cell == "jordan" and self.head in ("mean", "max"),
                "the jordan cell answers at every step: use head 'step' or 'last'",
            ),
            (
                self.bidirectional and self.kind == "one-to-many",
                (
                    "a bidirectional model needs its whole input beforehand: "
                    "one-to-many feeds it word by word"
                ),
            ),
            (
                self.context_size > 0 and self.kind != "one-to-many",
                "context_size belongs to one-to-many models",
            ),
            (
                self.head != "step" and self.kind not in ("many-to-one", "one-to-one"),
                f"head {self.head!r} gives one answer per sequence: use it with many-to-one",
            ),
        ]
        for is_wrong, message in wrong:
            if is_wrong:
                raise UserError(message)

    @property
    def gates(self) -> tuple[str, ...]:
        """Gate names in stacking order; empty for cells without gates."""
        return GATES[self.cell]

    @property
    def bounded_states(self) -> bool:
        """Whether every h_t lies between −1 and 1: with tanh, and in the cells with gates."""
        return self.activation == "tanh"

    @property
    def has_cell_state(self) -> bool:
        """Whether the state is the pair (h, c)."""
        return self.cell == "lstm"

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Name prefixes of the recurrent parts, in time order."""
        return ("encoder_", "decoder_") if self.kind == "many-to-many" else ("",)

    def directions(self, prefix: str = "") -> tuple[str, ...]:
        """Name suffixes of the directions of one part; a decoder only runs forward."""
        return ("", "_reverse") if self.bidirectional and prefix != "decoder_" else ("",)

    def layer_names(self, prefix: str = "") -> tuple[str, ...]:
        """``l0``, ``l0_reverse``, ``l1``, … of one part, bottom layer first."""
        return tuple(
            f"l{layer}{direction}"
            for layer in range(self.layers)
            for direction in self.directions(prefix)
        )


def _is_number(value: object, kind: type) -> bool:
    """Whether it is a number of that kind; truth values are not, although Python counts them."""
    return isinstance(value, kind) and not isinstance(value, bool)
