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


def check_changes(run: Run, changes: Iterable[WeightChange]) -> None:
    """Whether they fit a run. Only what never changes of it is looked at: it may be at work.

    Raises:
        UserError: if a parameter is unknown, has another shape, or a number is not finite.
    """
    for change in changes:
        if change.name not in run.net.params:
            raise UserError(f"this network has no parameter {change.name!r}")
        known = run.net.params[change.name]
        if known.shape != change.where.shape or known.shape != change.values.shape:
            raise UserError(
                f"{change.name} has shape {known.shape}, not {change.values.shape}: "
                "the network has changed since the edit was made"
            )
        if not np.isfinite(change.values[change.where]).all():
            raise UserError(f"a new number of {change.name} is not finite")


def rewrite(twin: Run, run: Run, changes: Iterable[WeightChange]) -> None:
    """Let a `Run.blank` go on from where ``run`` stands, which is untouched, with these weights
    changed.

    It starts with the optimiser's memory empty and no history, and cannot travel back beyond
    this iteration; the old run can.

    Raises:
        UserError: if a change does not fit.
    """
    changes = tuple(changes)
    check_changes(run, changes)
    weights = {name: np.array(value) for name, value in run.net.params.items()}
    for change in changes:
        weights[change.name][change.where] = change.values[change.where]
    twin.adopt(run)
    twin.net.params.assign(weights)
    twin.reset_checkpoints()
