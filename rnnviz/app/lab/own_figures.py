"""The laboratory's own figures without its window: measured from a run and a pass of it.

Analyses of one pass are in `rnnviz.analysis`; these here need the run behind the pass, other
passes of it, or something that the user sets. No Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnnviz.analysis import Edit
from rnnviz.analysis.layers import check_row, layer_named, parameter_names
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.surplus import check_options
from rnnviz.app.lab.measure_cells import CellRunner
from rnnviz.app.lab.measure_gradients import FlowKeeper
from rnnviz.app.lab.measure_hand import HandKeeper
from rnnviz.app.lab.measure_states import measure_activity, measure_clipping
from rnnviz.app.lab.measure_what_if import WhatIfKeeper
from rnnviz.app.lab.request import Request
from rnnviz.session.run import Run
from rnnviz.trace import Trace, UserError
from rnnviz.trace.whole import whole

_ROWS = 60
"""Passes of a history where no distance is given."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "history": ("layer", "row", "every"),
    "what-if": ("layer", "row", "edits", "compare"),
    "by-hand": ("layer", "row", "sigma", "radius", "steps", "becomes", "clip", "loss"),
    "cells": ("layer", "row", "each", "steps", "loss"),
    "clipping": (),
    "activity": ("layer", "row", "part", "unit"),
}
"""The figures, and what each can be asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A pass, the run it is of (None for a recording), and how to take it again from the run."""

    trace: Trace
    run: Run | None = None
    take: Callable[[], Trace] | None = None


@np.errstate(over="ignore", invalid="ignore")  # what has diverged is infinite, and says so
def measure_own(what: str, subject: Subject, options: Mapping[str, Any], progress: Progress) -> Any:
    """What the figure ``what`` draws.

    Raises:
        UserError: if the figure takes no such option or cannot be had of this pass.
        Cancelled: if ``progress`` returns False.
    """
    check_options(what, options, OPTIONS[what])
    trace, run = subject.trace, subject.run
    row = int(options.get("row", 0))
    check_row(row, trace.batch_size)
    request = Request(
        trace,
        str(layer_named(trace, options.get("layer"))),
        row,
        {},
        None if run is None else run.config,
        None if run is None else run.history,
    )
    return _MEASURES[what](request, subject, options, progress)


def _history(
    request: Request, subject: Subject, options: Mapping[str, Any], progress: Progress
) -> Any:
    run, take = subject.run, subject.take
    if run is None or take is None:
        raise UserError("a history needs a run: name a task, your own data or a saved run")
    last = run.iteration
    every = int(options.get("every", max(1, -(-last // _ROWS))))
    whole("--every", every, 1)
    keeper, found = FlowKeeper(last // every + 2), None
    for iteration in range(0, last + 1, every):
        report(progress, iteration, last)
        run.travel(iteration)
        found = keeper.measure(replace(request, trace=take()), progress)
    return found


def _what_if(
    request: Request, subject: Subject, options: Mapping[str, Any], progress: Progress
) -> Any:
    edits, compared = tuple(options.get("edits", ())), tuple(options.get("compare", ()))
    if not edits and not compared:
        raise UserError("what-if needs at least one edit, for example --edit h_l0[1]@2=0.7")
    names = [name for name, _ in compared]
    if len({*names}) < len(names):
        raise UserError("two sets of edits to compare have the same name: give each its own")
    trace, row = request.trace, request.row
    asked = {
        "edits": in_sequence(trace, edits, row),
        "kept": tuple((name, in_sequence(trace, each, row)) for name, each in compared),
    }
    found = WhatIfKeeper().measure(replace(request, options=asked), progress)
    for each in found.kept:
        if not len(each.divergence):
            raise UserError(f"{each.name}: {each.words}")
    return found


def in_sequence(trace: Trace, edits: tuple[Edit, ...], row: int) -> tuple[Edit, ...]:
    """The edits as the window makes them: in the sequence shown, those of weights for all."""
    shared = parameter_names(trace)
    return tuple(
        replace(edit, row=row) if edit.row is None and edit.name not in shared else edit
        for edit in edits
    )


def _by_hand(
    request: Request, subject: Subject, options: Mapping[str, Any], progress: Progress
) -> Any:
    if {"sigma", "radius"} <= options.keys():
        raise UserError("set the largest singular value or the spectral radius, not both")
    asked: dict[str, Any] = {"loss": options.get("loss", "last"), "steps": _steps(options)}
    for name in ("sigma", "radius"):
        if name in options:
            if not 0.0 < options[name] < float("inf"):
                raise UserError(f"--{name} is {options[name]}; use a number above 0")
            asked |= {"measure": name, "strength": options[name]}
    if "becomes" in options:
        if request.trace.spec.gates:
            raise UserError("the activations of a gated cell are part of it; leave out --becomes")
        asked["activation"] = options["becomes"]
    if "clip" in options:
        if not options["clip"] > 0.0:
            raise UserError(f"--clip is {options['clip']}; use a number above 0")
        asked["clip"] = options["clip"]
    return HandKeeper().measure(replace(request, options=asked), progress)


def _cells(
    request: Request, subject: Subject, options: Mapping[str, Any], progress: Progress
) -> Any:
    each = int(options.get("each", 0))
    whole("--each", each)
    asked = {
        "iterations": each,
        "steps": _steps(options),
        "loss": options.get("loss", "last"),
    }
    runner, wanted = CellRunner(), replace(request, options=asked)
    found = runner.measure(wanted, progress)
    while found.again:
        found = runner.measure(wanted, progress)
    return found


def _clipping(
    request: Request, subject: Subject, options: Mapping[str, Any], progress: Progress
) -> Any:
    if request.trace.update is None and subject.run is not None:
        # Only a pass that trains is clipped: the run's next one.
        report(progress, 0, 1)
        request = replace(request, trace=subject.run.traced_step())
    return measure_clipping(request, progress)


def _activity(
    request: Request, subject: Subject, options: Mapping[str, Any], progress: Progress
) -> Any:
    hidden = request.trace.spec.hidden_size
    if not 1 <= options.get("unit", 1) <= hidden:
        raise UserError(f"unit {options['unit']} is not one of 1 to {hidden}")
    if options.get("part") == "c" and not request.trace.spec.has_cell_state:
        raise UserError("this cell has no cell state c: leave out --part")
    return measure_activity(replace(request, options=dict(options)), progress)


def _steps(options: Mapping[str, Any]) -> int:
    if "steps" not in options:
        return 0  # as many as the pass has
    steps = int(options["steps"])
    if not 1 <= steps <= 10_000:
        raise UserError(f"--steps is {steps}; use 1 to 10,000")
    return steps


_MEASURES: Mapping[str, Callable[[Request, Subject, Mapping[str, Any], Progress], Any]] = {
    "history": _history,
    "what-if": _what_if,
    "by-hand": _by_hand,
    "cells": _cells,
    "clipping": _clipping,
    "activity": _activity,
}
