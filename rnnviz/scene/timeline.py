"""Step time: every operation of a pass in order, by arithmetic, so that T may be large.

Forward, column by column (input, one state per layer, output, loss), then backward from the last
column to the first (loss, output, states from the top layer down), then the update of W.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rnnviz.trace import Part, Trace

Phase = Literal["forward", "backward", "update"]
Unit = Literal["operation", "step", "pass"]
OpKind = Literal["input", "state", "output", "loss", "update"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: in the backward phase `kind` names the quantity whose gradient is made.

    `node` is the stable id of what it computes: ``x@3``, ``h_l0@3``, ``logits@3``, ``loss@3``,
    ``W``; with the part's prefix for an encoder–decoder (``encoder_h_l0@3``, column counted on
    the whole axis).
    """

    index: int
    phase: Phase
    kind: OpKind
    column: int
    layer: str
    prefix: str

    @property
    def node(self) -> str:
        if self.kind == "update":
            return "W"
        name = {"input": "x", "state": f"h_{self.layer}", "output": "logits", "loss": "loss"}[
            self.kind
        ]
        owned = self.kind in ("input", "state")
        return f"{self.prefix if owned else ''}{name}@{self.column}"


@dataclass(frozen=True, slots=True)
class _Block:
    """The operations of all columns of one part in one phase: `kinds` repeated column by column."""

    phase: Phase
    part: Part
    kinds: tuple[tuple[OpKind, str], ...]
    start: int

    @property
    def size(self) -> int:
        return self.part.steps * len(self.kinds)


class Timeline:
    """All operations of one trace. Index 0 is the first input; the last is the update of W."""

    def __init__(self, trace: Trace) -> None:
        self.columns = trace.columns
        forward: list[_Block] = []
        index = 0
        last = trace.output_part
        for part in trace.parts:
            names = trace.spec.layer_names(part.prefix)
            kinds: list[tuple[OpKind, str]] = [("input", "")]
            kinds += [("state", name) for name in names]
            if part is last or part == last:
                kinds.append(("output", ""))
                if "loss" in trace:
                    kinds.append(("loss", ""))
            block = _Block("forward", part, tuple(kinds), index)
            forward.append(block)
            index += block.size
        blocks = list(forward)
        if trace.has_gradients:
            for block in reversed(forward):
                kinds = [entry for entry in reversed(block.kinds) if entry[0] != "input"]
                back = _Block("backward", block.part, tuple(kinds), index)
                blocks.append(back)
                index += back.size
        self._blocks = tuple(blocks)
        self._update = index if trace.update is not None else None
        self.length = index + (1 if self._update is not None else 0)

    def __len__(self) -> int:
        return self.length

    def operation(self, index: int) -> Operation:
        """The operation at an index, clamped to the ends."""
        index = min(max(index, 0), self.length - 1)
        for block in self._blocks:
            if index < block.start + block.size:
                at, slot = divmod(index - block.start, len(block.kinds))
                column = (
                    block.part.start + at
                    if block.phase == "forward"
                    else block.part.stop - 1 - at
                )
                kind, layer = block.kinds[slot]
                return Operation(index, block.phase, kind, column, layer, block.part.prefix)
        return Operation(index, "update", "update", self.columns - 1, "", "")

    def index_of(self, phase: Phase, column: int, kind: OpKind | None = None) -> int:
        """Where the operations of a column begin in a phase (or the first of `kind` there).

        A column whose part has no such phase or kind gives the nearest index at hand.
        """
        if phase == "update":
            return self.length - 1
        for block in self._blocks:
            if block.phase == phase and block.part.start <= column < block.part.stop:
                at = (
                    column - block.part.start if phase == "forward" else block.part.stop - 1 - column
                )
                slots = [i for i, entry in enumerate(block.kinds) if kind in (None, entry[0])]
                return block.start + at * len(block.kinds) + (slots[0] if slots else 0)
        return self.length - 1 if phase == "backward" else 0

    def last_of(self, index: int) -> int:
        """Index of the last operation in the same column and phase."""
        operation = self.operation(index)
        for block in self._blocks:
            if block.start <= operation.index < block.start + block.size:
                at = (operation.index - block.start) // len(block.kinds)
                return block.start + (at + 1) * len(block.kinds) - 1
        return operation.index

    @property
    def backward_start(self) -> int:
        """Index of the first backward operation, or the length where there is none."""
        for block in self._blocks:
            if block.phase == "backward":
                return block.start
        return self.length
