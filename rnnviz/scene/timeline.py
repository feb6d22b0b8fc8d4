"""Step time: every operation of a pass in order, by arithmetic, so that T may be large.

Forward, column by column (input, one state per layer, output, loss), then backward from the last
column to the first (loss, output, states from the top layer down), then the update of W. Where a
part runs in both directions a state needs the whole row below it, so the rows come one after
another: forward rows from left to right, reverse rows from right to left, and in the backward
pass each row against its direction. An encoder comes wholly before its decoder, and after it in
the backward pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rnnviz.trace import Part, Trace

Phase = Literal["forward", "backward", "update"]
Unit = Literal["operation", "step", "pass"]
OpKind = Literal["input", "state", "output", "loss", "update"]
Slot = tuple[OpKind, str]
"""What is computed, and for a state its layer (``l0``, ``l0_reverse``)."""


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
class Block:
    """One sweep over all columns of a part: `slots` at each, from left to right or against it."""

    phase: Phase
    part: Part
    slots: tuple[Slot, ...]
    leftward: bool
    start: int

    @property
    def stop(self) -> int:
        return self.start + self.part.steps * len(self.slots)

    def column(self, sweep: int) -> int:
        """Column of the sweep's step number `sweep`."""
        return self.part.stop - 1 - sweep if self.leftward else self.part.start + sweep

    def sweep(self, column: int) -> int:
        return self.part.stop - 1 - column if self.leftward else column - self.part.start

    def columns_done(self, done: int, slot: int) -> range:
        """Columns whose operation in that slot is among the first `done` of the timeline."""
        count = (done - self.start - slot + len(self.slots) - 1) // len(self.slots)
        count = min(max(count, 0), self.part.steps)
        if self.leftward:
            return range(self.part.stop - count, self.part.stop)
        return range(self.part.start, self.part.start + count)


class Timeline:
    """All operations of one trace. Index 0 is the first input; the last is the update of W."""

    def __init__(self, trace: Trace) -> None:
        self.columns = trace.columns
        self.output_steps = trace.output_part.steps
        sweeps = _forward_sweeps(trace)
        blocks: list[Block] = []
        index = 0
        for part, slots, leftward in sweeps:
            blocks.append(Block("forward", part, slots, leftward, index))
            index = blocks[-1].stop
        self.backward_start = index
        """Index of the first backward operation, or of the update, or the length."""
        if trace.has_gradients:
            for part, slots, leftward in _backward_sweeps(sweeps):
                blocks.append(Block("backward", part, slots, leftward, index))
                index = blocks[-1].stop
        self.blocks = tuple(blocks)
        self.length = index + (1 if trace.update is not None else 0)

    def __len__(self) -> int:
        return self.length

    def operation(self, index: int) -> Operation:
        """The operation at an index, clamped to the ends."""
        index = min(max(index, 0), self.length - 1)
        for block in self.blocks:
            if index < block.stop:
                at, slot = divmod(index - block.start, len(block.slots))
                kind, layer = block.slots[slot]
                prefix = block.part.prefix
                return Operation(index, block.phase, kind, block.column(at), layer, prefix)
        return Operation(index, "update", "update", self.columns - 1, "", "")

    def index_of(
        self, phase: Phase, column: int, kind: OpKind | None = None, layer: str | None = None
    ) -> int:
        """Where the operations of a column begin in a phase (or the first of `kind` there).

        A column whose part has no such phase or kind gives the nearest index at hand.
        """
        if phase == "update":
            return self.length - 1
        fallback: int | None = None
        for block in self.blocks:
            if block.phase != phase or not block.part.start <= column < block.part.stop:
                continue
            begin = block.start + block.sweep(column) * len(block.slots)
            for slot, entry in enumerate(block.slots):
                if kind in (None, entry[0]) and layer in (None, entry[1]):
                    return begin + slot
            fallback = begin if fallback is None else fallback
        if fallback is not None:
            return fallback
        return self.length - 1 if phase == "backward" else 0

    def last_sweep(self, column: int) -> int:
        """Where the operations of a column begin in the last sweep over it: all that the pass
        computes there is known by then, but for what is left of this sweep."""
        for block in reversed(self.blocks):
            if block.part.start <= column < block.part.stop:
                return block.start + block.sweep(column) * len(block.slots)
        return self.length - 1

    def first_of(self, index: int) -> int:
        """Index of the first operation in the same column and sweep."""
        return self._around(index)[0]

    def last_of(self, index: int) -> int:
        """Index of the last operation in the same column and sweep."""
        return self._around(index)[1]

    def _around(self, index: int) -> tuple[int, int]:
        index = min(max(index, 0), self.length - 1)
        for block in self.blocks:
            if block.start <= index < block.stop:
                count = len(block.slots)
                first = block.start + (index - block.start) // count * count
                return first, first + count - 1
        return index, index

    def known(
        self, done: int, phase: Phase, kind: OpKind, layer: str = "", prefix: str | None = None
    ) -> range:
        """Columns where a quantity is known once the first `done` operations are over.

        `prefix` picks the part; None takes the first part that has the quantity.
        """
        for block in self.blocks:
            if block.phase != phase or prefix not in (None, block.part.prefix):
                continue
            for slot, entry in enumerate(block.slots):
                if entry == (kind, layer):
                    return block.columns_done(done, slot)
        return range(0)


_Sweep = tuple[Part, tuple[Slot, ...], bool]


def _forward_sweeps(trace: Trace) -> list[_Sweep]:
    sweeps: list[_Sweep] = []
    outputs: list[Slot] = [("output", "")]
    if "loss" in trace:
        outputs.append(("loss", ""))
    parts = trace.parts
    for number, part in enumerate(parts):
        states: list[Slot] = [("state", name) for name in trace.spec.layer_names(part.prefix)]
        own = outputs if number == len(parts) - 1 else []
        if len(trace.spec.directions(part.prefix)) == 1:
            sweeps.append((part, (("input", ""), *states, *own), False))
            continue
        sweeps.append((part, (("input", ""), states[0]), False))
        sweeps += [(part, (state,), state[1].endswith("_reverse")) for state in states[1:]]
        if own:
            sweeps.append((part, tuple(own), False))
    return sweeps


def _backward_sweeps(forward: list[_Sweep]) -> list[_Sweep]:
    back = []
    for part, slots, leftward in reversed(forward):
        kept = tuple(slot for slot in reversed(slots) if slot[0] != "input")
        back.append((part, kept, not leftward))
    return back
