"""A figure of the laboratory without its window: what ``rnnviz analyze -o figure.svg`` draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.analysis import OPTIONS
from rnnviz.analysis.layers import check_row, layer_named
from rnnviz.analysis.progress import Progress
from rnnviz.analysis.surplus import check_options
from rnnviz.app.lab import own_figures
from rnnviz.app.lab.catalog import Figure, figures
from rnnviz.app.lab.figure_analyses import DRAWN
from rnnviz.app.lab.own_figures import Subject
from rnnviz.app.lab.request import Marks, Request
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import Theme
from rnnviz.trace import UserError


@np.errstate(over="ignore", invalid="ignore")  # what has diverged is infinite, and says so
def figure_picture(
    what: str,
    subject: Subject,
    options: Mapping[str, Any],
    theme: Theme,
    width: float,
    progress: Progress,
) -> Picture:
    """The laboratory's picture of the analysis ``what``, `width` logical pixels wide.

    ``options`` are those of ``rnnviz.analysis.analyze`` or, for the laboratory's own figures, of
    ``own_figures.OPTIONS``. ``progress`` is called with what is done
    and what there is to do; if it returns False the work is given up.

    Raises:
        UserError: if the figure takes no such option or cannot be drawn of this pass.
        Cancelled: if ``progress`` says so.
    """
    if what in own_figures.OPTIONS:
        found = own_figures.measure_own(what, subject, options, progress)
        return _figure(what).draw(found, theme, width, Marks())
    trace, run = subject.trace, subject.run
    drawn = DRAWN[what]
    known = ("layer", "row", *drawn.options)
    is_for_numbers = set(options) <= {*known, *OPTIONS[what]}
    hint = "write a .npz or .csv" if is_for_numbers else ""
    check_options(f"the figure of {what}", options, known, hint)
    if what == "matches" and not {"start", "stop"} <= options.keys():
        raise UserError("matches need a range of steps: give start and stop")
    spec = trace.spec
    if options.get("part") == "c" and not spec.has_cell_state:
        raise UserError(f"the {spec.cell} cell has no cell state c; ask for h")
    if not 1 <= options.get("unit", 1) <= spec.hidden_size:
        raise UserError(f"unit {options['unit']} is not one of 1 to {spec.hidden_size}")
    layer = str(layer_named(trace, options.get("layer")))
    row = int(options.get("row", 0))
    check_row(row, trace.batch_size)
    named = {
        each.name: each.to_figure(options[name])
        for name, each in drawn.options.items()
        if name in options
    }
    figure = _figure(drawn.figure)
    config, history = (None, None) if run is None else (run.config, run.history)
    request = Request(trace, layer, row, named, config, history)
    if not 0 <= options.get("origin", 0) < request.steps:
        raise UserError(
            f"products start at a state from 0, the initial one, to {request.steps - 1}, "
            f"not {options['origin']}"
        )
    if what == "matches" and not 0 <= options["start"] < options["stop"] <= request.steps:
        raise UserError(
            f"the range {options['start']} to {options['stop']} is not in this sequence of "
            f"{request.steps} steps: start counts from 0, and stop is the step after the last"
        )
    return figure.draw(figure.measure(request, progress), theme, width, Marks())


def _figure(name: str) -> Figure:
    return next(each for each in figures() if each.id == name)
