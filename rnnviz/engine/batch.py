"""A batch: what goes into one pass, checked once, all arrays time-major."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

Tokens = NDArray[np.intp]
_WHOLE = "iu"
"""Kinds of whole numbers; ``np.issubdtype`` takes a microsecond, and every step has a batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B sequences of T steps, side by side.

    ``tokens`` (T, B) ids or ``x`` (T, B, D) vectors are the inputs; ``targets`` are classes
    (T, B), -1 where there is none, or vectors (T, B, V); for one answer per sequence (B,) or
    (B, V) is enough and stands at the last true step. ``lengths`` (B,) gives the true length
    of padded sequences; ``mask`` (T, B) says which steps count, if not those of the sequence
    kind; padding never does. For an encoder–decoder ``tokens``/``x``/``lengths`` belong to the
    encoder and ``decoder_tokens``, ``targets`` and ``mask`` (T_out, B) to the decoder.

    Raises:
        UserError: if shapes contradict each other or a number is not finite.
    """

    tokens: Tokens | None = None
    x: Array | None = None
    targets: Array | None = None
    lengths: NDArray[np.intp] | None = None
    mask: Array | None = None
    context: Array | None = None
    decoder_tokens: Tokens | None = None
    steps: int = field(init=False)
    """T, of the encoder where there are two parts."""
    batch_size: int = field(init=False)
    """B."""
    output_steps: int = field(init=False)
    """Steps with outputs: T, or T_out of a decoder."""
    read_by: ModelSpec | None = field(default=None, init=False, repr=False)
    """The model that this batch was found to fit."""
    loss_mask: Array | None = field(default=None, init=False, repr=False)
    """``m`` as that model counts the losses, (T, B)."""

    def __post_init__(self) -> None:
        if (self.tokens is None) == (self.x is None):
            raise UserError("a batch needs either tokens or x: give exactly one of them")
        if self.tokens is not None:
            _set(self, "tokens", token_ids("tokens", self.tokens))
        if self.x is not None:
            x = as_numbers("x", self.x)
            if x.ndim != 3:
                raise UserError(f"x has shape {x.shape}; it must be (T, B, D)")
            _set(self, "x", _finite("x", x))
        first = self.x if self.tokens is None else self.tokens
        assert first is not None
        steps, batch = first.shape[:2]
        _set(self, "steps", steps)
        _set(self, "batch_size", batch)
        _set(self, "output_steps", steps)
        if steps == 0 or batch == 0:
            raise UserError(f"the batch is empty (T={steps}, B={batch}): give at least one step")
        if self.decoder_tokens is not None:
            _set(self, "decoder_tokens", token_ids("decoder_tokens", self.decoder_tokens))
            self._fits("decoder_tokens", self.decoder_tokens, (None, batch))
            _set(self, "output_steps", len(self.decoder_tokens))
            if self.output_steps == 0:
                raise UserError("decoder_tokens are empty: give the decoder at least one step")
        if self.lengths is not None:
            self._check_lengths(steps, batch)
        if self.targets is not None:
            self._check_targets(self.output_steps, batch)
        if self.mask is not None:
            _set(self, "mask", _finite("mask", as_numbers("mask", self.mask)))
            self._fits("mask", self.mask, (self.output_steps, batch))
        if self.context is not None:
            _set(self, "context", _finite("context", as_numbers("context", self.context)))
            self._fits("context", self.context, (batch, None))

    def keep(self, spec: ModelSpec, loss_mask: Array | None) -> None:
        """Remember that a model of ``spec`` can read this batch, and how it counts the losses."""
        _set(self, "read_by", spec)
        _set(self, "loss_mask", loss_mask)

    @property
    def ends(self) -> NDArray[np.intp]:
        """(B,) index of the last true step of each sequence."""
        if self.lengths is None:
            return np.full(self.batch_size, self.steps - 1, dtype=np.intp)
        return self.lengths - 1

    def _check_lengths(self, steps: int, batch: int) -> None:
        lengths = as_numbers("lengths", self.lengths)
        self._fits("lengths", lengths, (batch,))
        if lengths.dtype.kind not in _WHOLE:
            raise UserError(f"lengths must be whole numbers, not {lengths.dtype}")
        if lengths.min() < 1 or lengths.max() > steps:
            raise UserError(f"lengths must lie between 1 and T={steps}")
        _set(self, "lengths", lengths.astype(np.intp, copy=False))

    def _check_targets(self, steps: int, batch: int) -> None:
        targets = as_numbers("targets", self.targets)
        integer = targets.dtype.kind in _WHOLE
        if integer:  # first of all: -1, which stands for none, is no unsigned number
            targets = targets.astype(np.intp, copy=False)
        if targets.ndim == (1 if integer else 2):
            targets = self._at_the_end(targets, steps, batch)
        if integer:
            self._fits("targets", targets, (steps, batch))
        else:
            self._fits("targets", targets, (steps, batch, None))
            _finite("targets", targets)
        _set(self, "targets", targets)

    def _at_the_end(self, targets: Array, steps: int, batch: int) -> Array:
        self._fits("targets", targets, (batch,) if targets.ndim == 1 else (batch, None))
        empty = -1 if targets.ndim == 1 else 0
        spread = np.full((steps, *targets.shape), empty, dtype=targets.dtype)
        spread[self.ends, np.arange(batch)] = targets
        return spread

    @staticmethod
    def _fits(name: str, array: ArrayLike | None, shape: tuple[int | None, ...]) -> None:
        found = np.shape(array) if array is not None else ()
        if found == shape:
            return
        if len(found) != len(shape) or any(
            s is not None and s != f for s, f in zip(shape, found, strict=True)
        ):
            wanted = ", ".join("any" if s is None else str(s) for s in shape)
            raise UserError(f"{name} has shape {found}; this batch needs ({wanted})")


def _set(batch: Batch, name: str, value: object) -> None:
    object.__setattr__(batch, name, value)


def token_ids(name: str, values: ArrayLike) -> Tokens:
    """``values`` as ids (T, B).

    Raises:
        UserError: if they are no whole numbers, or of another shape.
    """
    ids = as_numbers(name, values)
    if ids.ndim != 2:
        raise UserError(f"{name} has shape {ids.shape}; it must be (T, B)")
    if ids.dtype.kind not in _WHOLE:
        raise UserError(f"{name} must be whole numbers, not {ids.dtype}")
    return ids.astype(np.intp, copy=False)


def as_numbers(name: str, values: ArrayLike | None) -> Array:
    """``values`` as an array.

    Raises:
        UserError: if it is not rectangular, or not made of numbers.
    """
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        raise UserError(
            f"{name} is no rectangular array: pad its sequences to one length"
        ) from None
    if array.dtype.kind not in "biufc":
        raise UserError(f"{name} must be numbers, not {array.dtype}")
    return array


def _finite(name: str, values: Array) -> Array:
    if not np.isfinite(values).all():
        raise UserError(f"{name} contains numbers that are not finite (NaN or infinity)")
    return values
