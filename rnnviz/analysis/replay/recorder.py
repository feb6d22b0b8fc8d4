"""The hook through which every intermediate of a replayed pass goes: edited, then kept."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from rnnviz.analysis.replay.edits import Array, Edit, edited, edited_parameter
from rnnviz.analysis.replay.tape import Tape, Var
from rnnviz.trace import UserError


class Recorder:
    """Values by trace name and step, with the edits applied on the way in."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.tape = Tape()
        self._edits: dict[str, list[Edit]] = defaultdict(list)
        for edit in edits:
            self._edits[edit.name].append(edit)
        self._used: set[str] = set()
        self._steps: dict[str, dict[int, tuple[Var, ...]]] = defaultdict(dict)
        self.parameters: dict[str, Var] = {}
        self.initials: dict[str, Var] = {}

    def edits_of(self, name: str) -> list[Edit]:
        """The edits that concern ``name``; asking marks the name as existing in this pass."""
        self._used.add(name)
        return self._edits.get(name, [])

    def put(self, name: str, step: int, value: Var) -> Var:
        """Record ``value`` (B, …) as ``name`` at time step ``step``; returns it as edited."""
        edits = [e for e in self.edits_of(name) if e.step is None or e.step == step]
        value = edited(value, edits)
        self._steps[name][step] = (value,)
        return value

    def keep(self, name: str, step: int, *parts: Var) -> None:
        """Record values that lie side by side under one name, where edits are not possible."""
        self._steps[name][step] = parts

    def kept(self, name: str, step: int) -> Var:
        """The one value recorded under that name at that step."""
        (value,) = self._steps[name][step]
        return value

    def parameter(self, name: str, value: Array) -> Var:
        """A leaf for a parameter, edited; its gradient is ∂L/∂(the number as it stands)."""
        leaf = edited_parameter(self.tape.leaf(value), self.edits_of(name))
        self.parameters[name] = leaf
        return leaf

    def initial(self, name: str, value: Var) -> Var:
        """Record an initial state or context (B, N), edited.

        Raises:
            UserError: if an edit of it names a step, or a place that it does not have.
        """
        edits = self.edits_of(name)
        if any(edit.step is not None for edit in edits):
            raise UserError(f"{name} stands before the first step: edit it without a step")
        value = edited(value.same(), edits)
        self.initials[name] = value
        return value

    def values(self, name: str) -> Array:
        """What was recorded under ``name``: (T, B, …)."""
        steps = self._steps[name]
        return np.stack([np.concatenate([v.value for v in steps[t]], -1) for t in sorted(steps)])

    def gradients(self, name: str) -> Array:
        """∂L/∂(each recorded value): (T, B, …)."""
        steps = self._steps[name]
        return np.stack([np.concatenate([v.gradient for v in steps[t]], -1) for t in sorted(steps)])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._steps)

    def _meant(self, name: str) -> str:
        """What may have been meant: the same name of a part or layer, or one spelt alike."""
        known = sorted(self._used)
        found = [k for k in known if k.endswith(f"_{name}") or k.startswith(f"{name}_")]
        found = found or difflib.get_close_matches(name, known, n=3)
        return f"; it has {', '.join(found)}" if found else ""

    def check_all_used(self) -> None:
        """Every edit met the value it names.

        Raises:
            UserError: if an edit names an array or a step that this pass does not have.
        """
        for name, edits in self._edits.items():
            if name not in self._used and name in self._steps:
                raise UserError(f"{name!r} cannot be edited in this cell: edit its gates instead")
            if name not in self._used:
                raise UserError(
                    f"this pass computes no {name!r}, so it cannot be edited{self._meant(name)}"
                )
            recorded = self._steps.get(name)
            for edit in edits:
                if recorded and edit.step is not None and edit.step not in recorded:
                    raise UserError(
                        f"{name} has no step {edit.step + 1} (counted from 1) in this pass: "
                        f"its steps are {min(recorded) + 1} to {max(recorded) + 1}"
                    )
