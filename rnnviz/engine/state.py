"""What a network carries from one step to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.counting import check_range
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec


class State(Mapping[str, Array]):
    """Named states, all (B, …): ``h_l0``, ``c_l0``, …; a jordan cell carries its output ``y``.

    The state of an encoder–decoder also holds what the decoder looks at: ``memory``
    (B, T_in, E) and ``memory_mask`` (B, T_in).
    """

    __slots__ = ("_arrays", "_fits")

    def __init__(self, arrays: Mapping[str, Array], fits: ModelSpec | None = None) -> None:
        self._arrays = dict(arrays)
        self._fits = fits  # the model that is known to go on from it

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name} {array.shape}" for name, array in self._arrays.items())
        return f"State({inside})"

    @property
    def batch_size(self) -> int:
        """B: how many sequences this is the state of (0 for an empty state)."""
        return next((int(array.shape[0]) for array in self._arrays.values()), 0)

    def select(self, rows: NDArray[np.intp]) -> State:
        """The state of the sequences ``rows``, in that order, as often as named (beam search)."""
        return State({name: array[rows] for name, array in self._arrays.items()}, self._fits)

    def check(self, spec: ModelSpec, batch_size: int, dtype: np.dtype[np.generic]) -> None:
        """Whether a model of ``spec`` that works in ``dtype`` can start from this with that many
        sequences.

        Raises:
            UserError: if a part belongs to another model, or to more or fewer sequences, or holds
                numbers for which that type has no room.
        """
        if self._fits is spec and self.batch_size == batch_size:
            return
        widths = _widths(spec)
        for name, array in self._arrays.items():
            if name not in widths:
                raise UserError(
                    f"the state holds {name}, from which this model does not start; "
                    f"it starts from {', '.join(widths)}"
                )
            if array.shape[:1] != (batch_size,):
                raise UserError(
                    f"the state belongs to {len(np.atleast_1d(array))} sequences, "
                    f"the batch has {batch_size}"
                )
            if array.shape != (batch_size, widths[name]):
                raise UserError(
                    f"the state {name} has shape {array.shape}; "
                    f"this model needs {(batch_size, widths[name])}"
                )
            check_range(f"the state {name}", array, dtype)
        self._fits = spec


def as_state(state: object) -> State | None:
    """A state that somebody hands in: a `State`, arrays (B, …) by name in any mapping, or None.

    Raises:
        UserError: if it is something else.
    """
    if state is None or isinstance(state, State):
        return state
    if not isinstance(state, Mapping):
        raise UserError(
            f"the state is of type {type(state).__name__}: give arrays (B, H) by name, "
            "such as net.final_state"
        )
    arrays = {str(name): np.asarray(array) for name, array in state.items()}
    for name, array in arrays.items():
        if array.dtype.kind not in "biufc" or not np.isfinite(array).all():
            raise UserError(f"the state {name} must be an array of finite numbers (B, H)")
    return State(arrays)


def _widths(spec: ModelSpec) -> dict[str, int]:
    """Width of every part of the state before the first step, by name."""
    if spec.cell == "jordan":
        return {"y_l0": spec.output_size}
    prefix, kinds = spec.prefixes[0], ("h", "c") if spec.has_cell_state else ("h",)
    names = spec.layer_names(prefix)
    return {f"{prefix}{kind}_{name}": spec.hidden_size for name in names for kind in kinds}
