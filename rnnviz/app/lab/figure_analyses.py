"""Which analysis is behind a figure, and what the options of one are called in the other.

No Qt. Figures that are more than an analysis of one pass are in `own_figures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis import OPTIONS, analyze
from rnnviz.analysis.progress import Progress
from rnnviz.app.lab.figure_numbers import Arrays, figure_arrays
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.matches import MatchSearch


class Renamed(NamedTuple):
    """An option of an analysis as the figure knows it: its name there, and both ways."""

    name: str
    to_figure: Callable[[Any], Any]
    to_analysis: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The figure of an analysis, and what each of the analysis' options is called there."""

    figure: str
    options: Mapping[str, Renamed] = field(default_factory=dict)


def _as_it_is(name: str) -> Renamed:
    return Renamed(name, _same, _same)


def _same(value: Any) -> Any:
    return value


def _next(step: int) -> int:
    """Analyses count steps from 0, figures from 1 as on screen."""
    return step + 1


def _before(step: int) -> int:
    return step - 1


DRAWN: Mapping[str, Drawn] = {
    "gradients": Drawn("flow"),
    "contributions": Drawn("causes", {"part": _as_it_is("part")}),
    "jacobians": Drawn("jacobians", {"origin": _as_it_is("origin")}),
    "weights": Drawn("eigenvalues"),
    "saturation": Drawn("saturation"),
    "health": Drawn("health"),
    "memory": Drawn("memory"),
    "trajectory": Drawn("trajectory"),
    "matches": Drawn(
        "matches",
        {
            "start": Renamed("start", _next, _before),
            "stop": _as_it_is("stop"),
            "threshold": _as_it_is("threshold"),
        },
    ),
    "response": Drawn("response", {"unit": _as_it_is("unit")}),
}


def numbers_behind(figure: str, result: object, request: Request, progress: Progress) -> Arrays:
    """The numbers of a figure on screen, under the names of ``docs/analysis.md``.

    ``result`` is what the figure was drawn from, ``request`` what it was asked for.

    Raises:
        UserError: if the pass does not allow the analysis.
        Cancelled: if ``progress`` says so.
    """
    if isinstance(result, MatchSearch) and result.wide:
        places = [(each.row, each.start, each.stop) for each in result.places]
        return {
            "units": np.array(result.units, np.intp),
            "places": np.array(places, np.intp).reshape(-1, 3),
            "shared": np.array([each.shared for each in result.places], np.intp),
        }
    what = next((what for what, drawn in DRAWN.items() if drawn.figure == figure), None)
    if what is None:
        return figure_arrays(result)
    trace, drawn, known = request.trace, DRAWN[what], OPTIONS[what]
    options: dict[str, Any] = {"layer": request.layer, "row": request.row, "progress": progress}
    options |= {
        name: each.to_analysis(request.options[each.name])
        for name, each in drawn.options.items()
        if each.name in request.options
    }
    if options.get("part") == "c" and not trace.spec.has_cell_state:
        # The card offers c for every cell and falls back to h where there is none.
        options["part"] = "h"
    return analyze(trace, what, **{k: v for k, v in options.items() if k in known})
