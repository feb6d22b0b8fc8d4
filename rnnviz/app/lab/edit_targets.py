"""What can be edited in a pass: names, how many components, steps, and sensible ranges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rnnviz.analysis import Edit
from rnnviz.analysis.layers import parameter_names
from rnnviz.trace import Trace

_UNIT = ("i", "f", "o", "r", "z")
_SIGNED = ("h", "g", "n")
_WORDS = {
    "h": "hidden state",
    "c": "cell state",
    "m": "what r scales",
    "a": "pre-activation",
}
_KINDS = {
    "b_": "bias",
    "w_c": "peephole weight",
    "gain_": "gain of the norm",
    "h_init": "learned first state",
    "c_init": "learned first state",
    "y_init": "learned first output",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One array: ``shape`` of what `Edit.index` indexes; parameters have no steps.

    ``low`` and ``high`` are the slider's ends, not limits: any number can be typed.
    """

    name: str
    words: str
    shape: tuple[int, ...]
    steps: int
    low: float
    high: float

    @property
    def is_parameter(self) -> bool:
        return self.steps == 0

    @property
    def is_token(self) -> bool:
        return self.name.endswith("tokens")


def targets(trace: Trace) -> tuple[Target, ...]:
    """Everything editable, in the order of the pass: inputs, gates, states, outputs, weights."""
    spec = trace.spec
    found: list[Target] = []
    for prefix in spec.prefixes:
        tokens = trace.get(f"{prefix}tokens")
        if tokens is not None and spec.input_kind != "vector":
            size = spec.output_size if prefix == "decoder_" else spec.input_size
            found.append(
                Target(f"{prefix}tokens", "input token", (), len(tokens), 0.0, float(size - 1))
            )
        elif f"{prefix}x" in trace:
            x = trace[f"{prefix}x"]
            found.append(Target(f"{prefix}x", "input x", x.shape[2:], len(x), -2.0, 2.0))
        for layer in spec.layer_names(prefix):
            # Gates have pre-activations of their own in one array; there the gates are edited.
            inner = ("m",) if spec.gates else ("a",)
            for part in ("h", "c", *spec.gates, *inner):
                array = trace.get(f"{prefix}{part}_{layer}")
                if array is not None:
                    words = _WORDS.get(part, f"gate {part}")
                    low, high = _range(part)
                    name = f"{prefix}{part}_{layer}"
                    found.append(Target(name, words, array.shape[2:], len(array), low, high))
    attention = trace.get("attention")
    if attention is not None:
        found.append(
            Target("attention", "attention weight", attention.shape[2:], len(attention), 0.0, 1.0)
        )
    if "logits" in trace:
        logits = trace["logits"]
        found.append(Target("logits", "output y", logits.shape[2:], len(logits), -10.0, 10.0))
    for name in parameter_names(trace):
        found.append(Target(name, _kind(name), trace[name].shape, 0, -3.0, 3.0))
    return tuple(found)


def _kind(name: str) -> str:
    """What a parameter is, in words."""
    bare = name.removeprefix("encoder_").removeprefix("decoder_")
    return next((words for start, words in _KINDS.items() if bare.startswith(start)), "weight")


def _range(part: str) -> tuple[float, float]:
    if part in _UNIT:
        return 0.0, 1.0
    return (-1.0, 1.0) if part in _SIGNED else (-3.0, 3.0)


def value_at(trace: Trace, target: Target, step: int, index: tuple[int, ...], row: int) -> float:
    """The number as it is in this pass; the mean over the steps has no place here."""
    array = trace[target.name]
    place: tuple[int, ...] = index if target.is_parameter else (step, row, *index)
    return float(array[place])


def fits(edits: Iterable[Edit], offered: Sequence[Target], rows: int) -> bool:
    """Whether a pass that offers these targets, for so many sequences, has every edit's number."""
    by_name = {target.name: target for target in offered}
    return all(
        (target := by_name.get(edit.name)) is not None
        and (edit.step or 0) < max(target.steps, 1)
        and (edit.row or 0) < rows
        and len(edit.index) <= len(target.shape)
        and all(i < size for i, size in zip(edit.index, target.shape, strict=False))
        and not (target.is_token and edit.value > target.high)
        for edit in edits
    )


def local_step(trace: Trace, column: int) -> int:
    """The step of its part that stands in a column of the time axis."""
    for part in trace.parts:
        if part.start <= column < part.stop:
            return column - part.start
    return column


def symbol_of(trace: Trace, target: Target, value: float) -> str:
    """`` = 'e'`` for the number of a token, empty for any other number."""
    labels = trace.labels
    symbols = labels.classes if target.name.startswith("decoder_") else labels.symbols
    if target.is_token and 0 <= int(value) < len(symbols):
        return f" = {symbols[int(value)]!r}"
    return ""
