"""Which losses count: the mask of a sequence kind, and the ids a model can read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

_EVERY_STEP = ("aligned", "one-to-many", "many-to-many")


def check_batch(spec: ModelSpec, batch: Batch, dtype: np.dtype[np.generic]) -> None:
    """Whether a model of ``spec`` that works in ``dtype`` can read ``batch``; a batch is checked
    once per model.

    Raises:
        UserError: if an id, a width, a number or a part of the batch does not fit the model.
    """
    if not isinstance(batch, Batch):
        raise UserError(
            f"a network reads a Batch, nothing of type {type(batch).__name__}: "
            "make one with Batch(tokens=…) or Batch(x=…)"
        )
    if batch.read_by is spec:
        return
    wants_tokens = spec.input_kind != "vector"
    if wants_tokens and batch.tokens is None:
        raise UserError(f"the model reads {spec.input_kind} tokens: give tokens, not x")
    if not wants_tokens and batch.x is None:
        raise UserError("the model reads vectors: give x (T, B, D), not tokens")
    if batch.tokens is not None:
        check_ids("tokens", batch.tokens, spec.input_size)
    elif batch.x is not None and batch.x.shape[2] != spec.input_size:
        raise UserError(f"x is {batch.x.shape[2]} wide; the model reads {spec.input_size}")
    if (batch.decoder_tokens is not None) != (spec.kind == "many-to-many"):
        raise UserError(
            "decoder_tokens belong to many-to-many models, and those need them: "
            "give what the decoder reads at each step"
        )
    if batch.decoder_tokens is not None:
        check_ids("decoder_tokens", batch.decoder_tokens, spec.output_size)
    if batch.context is not None and not spec.context_size:
        raise UserError("context belongs to models with a context_size: leave it out")
    if batch.context is not None and batch.context.shape[1] != spec.context_size:
        raise UserError(
            f"context is {batch.context.shape[1]} wide; the model reads {spec.context_size}"
        )
    for name in ("x", "context", "targets", "mask"):
        value: Array | None = getattr(batch, name)
        if value is not None and value.dtype.kind in "fc":
            check_range(name, value, dtype)
    complete = batch.targets is None or _check_targets(spec, batch.targets)
    plain = batch.mask is None and batch.lengths is None and spec.kind in _EVERY_STEP
    if batch.targets is None:
        batch.keep(spec, None)
    elif complete and plain:
        batch.keep(spec, every_step(batch.output_steps, batch.batch_size))
    else:
        batch.keep(spec, loss_mask(spec, batch))


@lru_cache(maxsize=32)
def every_step(steps: int, size: int) -> Array:
    """(T, B) mask of the commonest case: every step of every sequence counts 1/B."""
    mask: Array = np.full((steps, size), 1.0 / size)
    mask.flags.writeable = False
    return mask


def loss_mask(spec: ModelSpec, batch: Batch) -> Array:
    """``m`` (T, B), float64: 1/B at the steps that count, else 0.

    Counted are, within the true lengths: every step with a target; for many-to-one and
    one-to-one, and for heads that give one answer, only the last one. ``batch.mask`` replaces
    the rule of the kind; padding and a class target of -1 never count, whatever it says.

    Raises:
        UserError: if the batch has no targets.
    """
    if batch.targets is None:
        raise UserError("the batch has no targets: there is no loss to compute")
    steps, size = batch.targets.shape[:2]
    rows = np.arange(steps)[:, None]
    if batch.mask is not None:
        counted = np.asarray(batch.mask, dtype=np.float64).copy()
    elif spec.kind in ("many-to-one", "one-to-one"):
        counted = (rows == batch.ends).astype(np.float64)
    else:
        counted = np.ones((steps, size))
    if batch.lengths is not None and spec.kind != "many-to-many":
        counted[rows >= batch.lengths] = 0.0
    if batch.targets.ndim == 2:
        counted[batch.targets < 0] = 0.0
    mask: Array = counted / size
    return mask


def check_ids(name: str, ids: Array, limit: int) -> None:
    """Whether all ``ids`` (any shape) lie in 0 … ``limit`` − 1.

    Raises:
        UserError: if not.
    """
    if not _lie_below(ids, limit):
        wrong = ids[(ids < 0) | (ids >= limit)][0]
        raise UserError(f"{name} contain the id {wrong}; the model knows 0 to {limit - 1}")


def _lie_below(ids: Array, limit: int) -> bool:
    """Whether all ``ids`` lie in 0 … ``limit`` − 1.

    Seen as unsigned, a negative id is huge: one look checks both ends. Finding the place of the
    largest takes a third of the time of a reduction, and every step has a batch.
    """
    unsigned = ids.view(np.uintp)
    return bool(unsigned.item(unsigned.argmax()) < limit)


def check_range(name: str, values: Array, dtype: np.dtype[Any]) -> None:
    """Whether ``dtype`` has room for the numbers, which a copy would change without a word.

    Raises:
        UserError: if not.
    """
    if values.dtype.kind == "c" and dtype.kind != "c":
        raise UserError(f"{name} holds complex numbers; this network works in {dtype}")
    if values.dtype.itemsize > dtype.itemsize:
        largest = np.abs(values).max()
        if largest > np.finfo(dtype).max:
            raise UserError(
                f"{name} contains {largest:g}, for which {dtype} has no room: "
                "scale it, or make the network in float64"
            )


def _check_targets(spec: ModelSpec, targets: Array) -> bool:
    """Whether the targets fit; returns whether every step has one."""
    if spec.loss == "cross-entropy":
        if targets.ndim != 2:
            raise UserError(
                "cross-entropy needs whole-number targets (T, B), -1 where there is none"
            )
        if _lie_below(targets, spec.output_size):
            return True
        if targets.min() < -1 or targets.max() >= spec.output_size:
            wrong = targets[(targets < -1) | (targets >= spec.output_size)][0]
            raise UserError(
                f"targets contain class {wrong}; the model has 0 to {spec.output_size - 1}"
            )
    elif targets.ndim != 3 or targets.shape[2] != spec.output_size:
        raise UserError(
            f"squared error needs targets (T, B, {spec.output_size}); "
            f"these have shape {targets.shape}"
        )
    return targets.ndim == 3 or bool(targets.min() >= 0)
