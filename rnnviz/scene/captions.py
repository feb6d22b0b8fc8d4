"""The words over the stage: what the cursor is doing, and the colour of its direction."""

from __future__ import annotations

from rnnviz.scene.cursor import Cursor
from rnnviz.scene.numbers import grouped
from rnnviz.scene.theme import Theme
from rnnviz.scene.update_rules import update_words
from rnnviz.trace import ModelSpec, Trace
from rnnviz.trace.spec import CellKind

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

PART_MARKS = {"encoder_": "ᵉ", "decoder_": "ᵈ", "": ""}
"""Behind a state or an input where encoder and decoder both count their steps from 1."""


def subscript(number: int) -> str:
    """A number as subscript digits; steps are counted from 1 on screen, as in the lecture."""
    return str(number).translate(_SUBSCRIPTS)


CELL_NAMES: dict[CellKind, str] = {
    "rnn": "vanilla RNN",
    "jordan": "Jordan network",
    "lstm": "LSTM",
    "gru": "GRU",
}


def model_words(spec: ModelSpec) -> str:
    """The kind of cell and how many units of it there are: ``LSTM · H = 128``."""
    return f"{CELL_NAMES[spec.cell]} · H = {spec.hidden_size}"


def subject_words(trace: Trace) -> str:
    """What a recorded pass is of, as whoever recorded it said."""
    return trace.title or "a recorded pass"


EDITED = "edited"
"""What a pass with numbers of a what-if is called."""


def pass_words(trace: Trace) -> str:
    """Which iteration's pass this is: with an update its own, else how many its weights have seen.

    Empty before any training, and where nobody knows. A pass with numbers of a what-if says so:
    its picture stands for itself on a slide.
    """
    if trace.update is not None:
        return f"iteration {grouped(trace.iteration)}"
    after = f"after iteration {grouped(trace.iteration)}" if trace.iteration > 0 else ""
    return ", ".join(words for words in (EDITED if trace.by_hand else "", after) if words)


def whose_words(trace: Trace, row: int) -> str:
    """Whose numbers these are: of which iteration's pass, and of which sequence of a batch."""
    count = trace.batch_size
    sequence = f"sequence {grouped(row + 1)} of {grouped(count)}" if count > 1 else ""
    return " · ".join(words for words in (pass_words(trace), sequence) if words)


def local_step(trace: Trace, column: int) -> int:
    """The step of a column counted from 1 within its own part (encoder or decoder)."""
    for part in trace.parts:
        if part.start <= column < part.stop:
            return column - part.start + 1
    return column + 1


def phase_caption(trace: Trace, cursor: Cursor, theme: Theme, *, at_end: bool) -> tuple[str, int]:
    """Direction and quantity at the cursor, such as ``backward pass — ∂L/∂h₃``, with its colour."""
    if at_end:
        if trace.mode == "sample":
            return "sampled: softmax → sample → feed back", theme.output
        return "whole pass", theme.ink
    operation = cursor.operation
    step = subscript(local_step(trace, cursor.column))
    if operation.phase == "update":
        rule = "" if trace.update is None else f" — {update_words(trace.update)}"
        return f"update{rule}", theme.weight
    symbol = {"input": "x", "state": "h", "output": "y", "loss": "L"}.get(operation.kind, "h")
    layer = ""
    if operation.kind == "state" and trace.spec.layers > 1:
        layer = f", layer {int(operation.layer[1:].split('_')[0]) + 1}"
    if operation.kind == "state" and operation.layer.endswith("_reverse"):
        layer += ", reverse"
    where = {"encoder_": "encoder, ", "decoder_": "decoder, "}.get(operation.prefix, "")
    if operation.phase == "backward":
        return f"backward pass — {where}∂L/∂{symbol}{step}{layer}", theme.gradient
    color = {
        "input": theme.input,
        "state": theme.hidden,
        "output": theme.output,
        "loss": theme.loss,
    }[operation.kind]
    return f"forward pass — {where}{symbol}{step}{layer}", color
