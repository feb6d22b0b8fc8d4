"""The Trace: one pass of a recurrent network over one sequence, every intermediate by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from rnnviz.trace.arrays import Array, Arrays, Later
from rnnviz.trace.spec import ModelSpec

__all__ = ["Array", "Labels", "Mode", "Part", "Place", "Trace", "Update"]

Mode = Literal["train", "sample"]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words on the arrays: what each step reads and should say.

    ``inputs[b][t]`` and ``targets[b][t]`` are the tokens of sequence b as text (rows may be
    shorter than T; for an encoder–decoder ``inputs`` belong to the encoder and
    ``decoder_inputs`` to the decoder). ``symbols[i]`` names component i of a one-hot input,
    ``classes[v]`` output class v.
    """

    inputs: tuple[tuple[str, ...], ...] = ()
    targets: tuple[tuple[str, ...], ...] = ()
    decoder_inputs: tuple[tuple[str, ...], ...] = ()
    symbols: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """What the optimiser did with the gradients of this pass (Euclidean norms, no units)."""

    optimizer: str
    learning_rate: float
    grad_norm: float
    clipped_norm: float
    clip: float | None
    param_norm: float
    update_norm: float
    weight_decay: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Numbers of an array (T, B, N) by its name; None, and an empty ``index``, mean all of them."""

    name: str
    step: int | None = None
    row: int | None = None
    index: tuple[int, ...] = ()

    def holds(self, name: str, step: int, row: int, unit: int) -> bool:
        """Whether this number is one of them."""
        return (
            self.name == name
            and self.step in (None, step)
            and self.row in (None, row)
            and self.index[:1] in ((), (unit,))
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A run of columns on the time axis: the whole pass, or its encoder or its decoder."""

    prefix: str
    start: int
    steps: int

    @property
    def stop(self) -> int:
        """The column after the last one."""
        return self.start + self.steps


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """An immutable record of one pass: forward through time, the losses, backward.

    ``arrays`` maps the documented names (``docs/trace.md``) to read-only, time-major arrays:
    ``x`` (T, B, D), ``h_l0`` (T, B, H), ``logits`` (T, B, V), ``dL_dh_l0`` (T, B, H), …
    A view takes what it finds; it never knows which engine made the trace. In mode ``sample``
    the model fed itself: there are no targets, losses or gradients, and ``sampled`` (T, B)
    holds the token drawn at each step, which is the next step's input.
    An engine may give `Arrays` of which some are computed when somebody first asks for them.

    ``iteration`` with an ``update`` is the number of the iteration that made the pass; without one
    it is how many updates the weights had seen (0 also where nobody knows). ``by_hand`` are the
    numbers that a what-if has put in the place of computed ones: no equation gives them.
    """

    spec: ModelSpec
    arrays: Mapping[str, Array]
    labels: Labels = field(default_factory=Labels)
    mode: Mode = "train"
    iteration: int = 0
    update: Update | None = None
    title: str = ""
    by_hand: tuple[Place, ...] = ()
    _parts: tuple[Part, ...] = field(default=(), init=False, repr=False)
    """The parts once they were asked for: every view does so again and again."""

    def __post_init__(self) -> None:
        if not isinstance(self.arrays, Arrays):
            object.__setattr__(self, "arrays", Arrays(self.arrays))

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __contains__(self, name: object) -> bool:
        return name in self.arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def get(self, name: str) -> Array | None:
        """The array of that name, or None where this pass has none."""
        return self.arrays.get(name)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array, which is not computed for it; KeyError where there is none."""
        assert isinstance(self.arrays, Arrays)
        return self.arrays.shape(name)

    def sequence(self, name: str, b: int) -> Array:
        """What the array (T, B, …) of that name says of sequence ``b``, (T, …), without making it
        for the others where that can be; KeyError where there is none."""
        assert isinstance(self.arrays, Arrays)
        return self.arrays.sequence(name, b)

    def joined(self, more: Mapping[str, Array | Later]) -> Trace:
        """The same pass with ``more`` arrays, in the place of its own where names are the same."""
        assert isinstance(self.arrays, Arrays)
        return replace(self, arrays=self.arrays.joined(more))

    def is_by_hand(self, name: str, step: int, row: int, unit: int) -> bool:
        """Whether this number was put in the place of a computed one (`step` in its part)."""
        return any(place.holds(name, step, row, unit) for place in self.by_hand)

    def given(self, name: str) -> Array | Later:
        """The array of that name, or how it is made if nobody has asked; KeyError if neither."""
        assert isinstance(self.arrays, Arrays)
        return self.arrays.given(name)

    def recomputed(self, arrays: Mapping[str, Array | Later]) -> Trace:
        """The same pass with other numbers and no update: that of its iteration was not to come
        yet, so the weights are those after the iteration before."""
        seen = self.iteration - (1 if self.update is not None else 0)
        return replace(self, arrays=Arrays(arrays), update=None, iteration=seen)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The recurrent parts in the order in which they stand on the time axis."""
        if not self._parts:
            object.__setattr__(self, "_parts", self._found_parts())
        return self._parts

    def _found_parts(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        start = 0
        for prefix in self.spec.prefixes:
            steps = int(self.arrays[f"{prefix}h_l0"].shape[0])
            parts.append(Part(prefix, start, steps))
            start += steps
        return tuple(parts)

    @property
    def columns(self) -> int:
        """Columns of the time axis: T, or T_in + T_out for an encoder–decoder."""
        return self.parts[-1].stop

    @property
    def batch_size(self) -> int:
        """B: how many sequences went through side by side."""
        return int(self.arrays[f"{self.spec.prefixes[0]}h_l0"].shape[1])

    @property
    def output_part(self) -> Part:
        """The part whose steps have outputs and losses."""
        return self.parts[-1]

    @property
    def has_gradients(self) -> bool:
        """Whether a backward pass was recorded."""
        return f"dL_d{self.spec.prefixes[-1]}h_l0" in self.arrays
