"""Which whole numbers the ids, lengths and cuts of a trace may be."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from rnnviz.trace.spec import ModelSpec


def out_of_range(spec: ModelSpec, name: str, array: NDArray[Any], reads: int) -> str:
    """What is wrong with the numbers of an array of that name, in words; empty if nothing is.

    ``reads`` is how many steps the first part of the pass has: T, or T_in.
    """
    if array.dtype.kind not in "iu" or array.size == 0:
        return ""
    low, high, words = _bounds(spec, name, array.ndim, reads)
    fits = low <= int(array.min()) and int(array.max()) <= high
    return "" if fits or not words else words


def _bounds(spec: ModelSpec, name: str, axes: int, reads: int) -> tuple[int, int, str]:
    """The least and the largest number allowed, and what a number beyond them is not."""
    classes = spec.output_size
    none_of = f"numbers that are none of the {classes} classes"
    if name == "targets" and axes == 2 and spec.loss == "cross-entropy":
        return -1, classes - 1, none_of  # -1: no target at that step
    if name == "sampled":
        return -1, classes - 1, none_of
    if name in ("tokens", "encoder_tokens", "decoder_tokens"):
        known = classes if name == "decoder_tokens" else spec.input_size
        return 0, known - 1, f"ids that are none of the {known} tokens"
    if name == "lengths":
        return 1, reads, f"lengths that are none of 1 to {reads} steps"
    if name == "cuts":
        return 0, reads, f"steps that are none of the pass's {reads}"
    return 0, 0, ""
