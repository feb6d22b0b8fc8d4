"""Weights set by hand: which entries of a parameter get which numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.session.run import Run
from rnnviz.trace import UserError

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class WeightChange:
    """Of the parameter `name`, the entries where `where` is true become those of `values`."""

    name: str
    where: NDArray[np.bool_]
    values: Array


def with_weights(run: Run, changes: Iterable[WeightChange]) -> Run:
    """A new run that goes on from here with these weights changed; the old one is untouched.

    It starts with the optimiser's memory empty and no history, and cannot travel back beyond
    this iteration; the old run can.

    Raises:
        UserError: if a parameter is unknown, has another shape, or a number is not finite.
    """
    weights = {name: np.array(value) for name, value in run.net.params.items()}
    for change in changes:
        if change.name not in weights:
            raise UserError(f"this network has no parameter {change.name!r}")
        known = weights[change.name]
        if known.shape != change.where.shape or known.shape != change.values.shape:
            raise UserError(
                f"{change.name} has shape {known.shape}, not {change.values.shape}: "
                "the network has changed since the edit was made"
            )
        if not np.isfinite(change.values[change.where]).all():
            raise UserError(f"a new number of {change.name} is not finite")
        known[change.where] = change.values[change.where]
    twin = run.in_precision(run.config.dtype)
    twin.net.params.assign(weights)
    twin.reset_checkpoints()
    return twin
