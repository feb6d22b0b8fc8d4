"""The recurrent layers of one part on the tape: states, order of steps, what stands on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnviz.analysis.layers import Array, LayerName
from rnnviz.analysis.replay.cells import CellState, cell_step
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, choose, concatenate
from rnnviz.trace import ModelSpec

States = dict[str, CellState]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What the layers of one part need besides their input.

    ``counted`` (T, B) is False at padding; ``cuts`` are steps, in the order in which a layer
    takes them, before which the state is carried but no gradient goes; ``arrays`` are those of
    the trace, for its dropout masks.
    """

    spec: ModelSpec
    prefix: str
    record: Recorder
    weights: Mapping[str, Var]
    arrays: Mapping[str, Array]
    counted: Array
    cuts: frozenset[int]

    def run(self, inputs: list[Var], initial: States) -> tuple[list[Var], States]:
        """All layers over all steps: ``inputs`` T × (B, D) → T × (B, H or 2H), and last states.

        ``initial`` holds the first state of each layer by its suffix (``l0_reverse``).
        """
        features = inputs
        finals: States = {}
        for layer in range(self.spec.layers):
            strands = []
            for direction in self.spec.directions(self.prefix):
                name = LayerName(self.prefix, layer, bool(direction))
                strand, final = self._strand(name, features, initial[name.suffix])
                strands.append(strand)
                finals[name.suffix] = final
            outputs = [
                both[0] if len(both) == 1 else concatenate(list(both))
                for both in zip(*strands, strict=True)
            ]
            if self.spec.residual and layer > 0:
                outputs = [h + x for h, x in zip(outputs, features, strict=True)]
            features = outputs
        return features, finals

    def _strand(
        self, name: LayerName, inputs: list[Var], state: CellState
    ) -> tuple[list[Var], CellState]:
        """One layer in one direction: what it hands upwards, in time order, and its last state.

        What goes up goes through a second name of h_t, so that its gradient is
        ``dL_dh_direct``; the last state, which a decoder starts from, is handed on likewise. At
        padding 0 goes up and the state stays what it was.
        """
        n = len(inputs)
        order = range(n - 1, -1, -1) if name.reverse else range(n)
        handed: dict[int, Var] = {}
        zero = self.record.tape.leaf(np.zeros_like(state.h.value))
        last = state.h
        for position, step in enumerate(order):
            if position in self.cuts:
                state = _without_past(state)
            new = cell_step(self.spec, name, self.record, self.weights, step, inputs[step], state)
            up = new.h
            if self.spec.cell != "jordan":  # where h goes up only through its own output y
                up = self.record.put(name.array("h_direct"), step, new.h.same())
            valid = self.counted[step][:, None]
            last = up if valid.all() else choose(valid, up, last)
            if not valid.all():
                up = choose(valid, up, zero)
                new = _kept(valid, new, state)
            handed[step] = self._dropped(name, step, up)
            state = new
        return [handed[step] for step in range(n)], state._replace(h=last)

    def _dropped(self, name: LayerName, step: int, up: Var) -> Var:
        """``up`` times the dropout mask of this pass, where it had one."""
        mask = self.arrays.get(f"{self.prefix}dropout_l{name.layer}")
        if mask is None:
            return up
        first = self.spec.hidden_size if name.reverse else 0
        columns: Array = mask[step][:, first : first + self.spec.hidden_size]
        return up * columns.astype(np.float64)


def _without_past(state: CellState) -> CellState:
    """The same numbers, but no gradient goes back through them."""
    nothing = np.zeros(1)
    h, c, y = (None if v is None else v.replaced(v.value, nothing) for v in state)
    assert h is not None
    return CellState(h, c, y)


def _kept(valid: Array, new: CellState, old: CellState) -> CellState:
    h, c, y = (
        None if after is None or before is None else choose(valid, after, before)
        for after, before in zip(new, old, strict=True)
    )
    assert h is not None
    return CellState(h, c, y)
