"""Every figure of the laboratory in one table: what it is called, computes and draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from rnnviz.app.lab.controls import Control, Controls, Count, Pick, Tick
from rnnviz.app.lab.hand_controls import HandControls
from rnnviz.app.lab.match_controls import MatchControls
from rnnviz.app.lab.measure_cells import CellRunner
from rnnviz.app.lab.measure_gradients import FlowKeeper, measure_causes, measure_flow
from rnnviz.app.lab.measure_hand import HandKeeper
from rnnviz.app.lab.measure_health import measure_health
from rnnviz.app.lab.measure_matches import MatchKeeper
from rnnviz.app.lab.measure_spectra import SpectrumKeeper, measure_jacobians
from rnnviz.app.lab.measure_states import (
    PathKeeper,
    measure_activity,
    measure_clipping,
    measure_memory,
    measure_response,
    measure_saturation,
)
from rnnviz.app.lab.measure_what_if import WhatIfKeeper
from rnnviz.app.lab.request import Draw, Marks, Measure
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.scene.lab.activity import activity_picture
from rnnviz.scene.lab.causes import Causes, causes_picture
from rnnviz.scene.lab.cells import cells_picture
from rnnviz.scene.lab.clipping import clipping_picture
from rnnviz.scene.lab.difference import difference_picture
from rnnviz.scene.lab.eigenvalues import eigenvalues_picture
from rnnviz.scene.lab.flow import flow_picture
from rnnviz.scene.lab.flow_history import history_picture
from rnnviz.scene.lab.hand import hand_picture
from rnnviz.scene.lab.health import health_picture
from rnnviz.scene.lab.jacobians import jacobians_picture
from rnnviz.scene.lab.matches import matches_picture
from rnnviz.scene.lab.memory import MemoryMap, memory_picture
from rnnviz.scene.lab.response import response_picture
from rnnviz.scene.lab.saturation import saturation_picture
from rnnviz.scene.lab.trajectory import trajectory_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import Theme


@dataclass(frozen=True, slots=True)
class Figure:
    """One entry: `measure` runs in the laboratory's thread, `draw` is a pure function.

    `follows` is False where the figure does not depend on the pass shown, only on its options.
    """

    id: str
    title: str
    tip: str
    measure: Measure
    draw: Draw
    make_controls: Callable[[], Controls] = Controls
    follows: bool = True


def figures() -> tuple[Figure, ...]:
    """The catalogue of one window; some figures remember what they have shown."""
    return (
        Figure(
            "flow",
            "Gradient per step",
            "‖∂L/∂h_t‖ of every layer, and each step's share of the weight gradient",
            measure_flow,
            _at_cursor(flow_picture),
        ),
        Figure(
            "history",
            "Gradient while training",
            "‖∂L/∂h_t‖ of the passes shown so far, iteration by step",
            FlowKeeper().measure,
            _plain(history_picture),
        ),
        Figure(
            "causes",
            "Who caused it",
            "The gradient of every loss at every state; click a loss or a state",
            measure_causes,
            _draw_causes,
            _with(Pick("part", "at", (("h", "h, hidden state"), ("c", "c, cell (LSTM)")))),
        ),
        Figure(
            "jacobians",
            "Jacobians",
            "Singular values of ∂h_t/∂h_{t−1}, their products and the loose bound",
            measure_jacobians,
            _at_cursor(jacobians_picture),
            _with(Count("origin", "products from", 0, 1_000_000, 0, "the initial state")),
        ),
        Figure(
            "what-if",
            "What if",
            "Change a number of the pass and see what follows; training never notices",
            WhatIfKeeper().measure,
            _at_cursor(difference_picture),
            WhatIfControls,
            follows=False,
        ),
        Figure(
            "by-hand",
            "Vanish and explode",
            "Set σ₁ or the spectral radius of W_hh on a copy, and see the gradient",
            HandKeeper().measure,
            _plain(hand_picture),
            HandControls,
        ),
        Figure(
            "cells",
            "Compare cells",
            "Vanilla, LSTM and GRU on the same data and seed, with the same axes",
            CellRunner().measure,
            _plain(cells_picture),
            _with(
                Count("iterations", "train each for", 0, 100_000, 300),
                Count("steps", "BPTT window", 0, 2000, 0, "as in the run"),
                _LOSSES,
            ),
            follows=False,
        ),
        Figure(
            "eigenvalues",
            "Eigenvalues of W_hh",
            "In the complex plane, with the unit circle, moving while it trains",
            SpectrumKeeper().measure,
            _plain(eigenvalues_picture),
        ),
        Figure(
            "clipping",
            "Clipping",
            "The gradient's norm before and after clipping, and the threshold",
            measure_clipping,
            _plain(clipping_picture),
        ),
        Figure(
            "health",
            "Training health",
            "The loss against guessing, the size of the updates, units that are stuck",
            measure_health,
            _plain(health_picture),
        ),
        Figure(
            "saturation",
            "Gate saturation",
            "Per unit, the share of steps at either end of its range",
            measure_saturation,
            _plain(saturation_picture),
        ),
        Figure(
            "memory",
            "Memory of the input",
            "‖∂output/∂x_t‖: which inputs each output still knows",
            measure_memory,
            _draw_memory,
        ),
        Figure(
            "activity",
            "A unit over the text",
            "The text coloured by one unit, with the five likeliest next tokens",
            measure_activity,
            _at_cursor(activity_picture),
            _with(_UNIT, Pick("part", "of", (("h", "h, hidden state"), ("c", "c, cell (LSTM)")))),
        ),
        Figure(
            "trajectory",
            "Path of the state",
            "The states on two principal axes, frozen or following",
            PathKeeper().measure,
            _at_cursor(trajectory_picture),
            _with(Tick("frozen", "keep these axes while training")),
        ),
        Figure(
            "matches",
            "Match search",
            "Find the places where the same units are on",
            MatchKeeper().measure,
            _plain(matches_picture),
            MatchControls,
        ),
        Figure(
            "response",
            "Response to a token",
            "How one unit changes, on average, when a token is read",
            measure_response,
            _plain(response_picture),
            _with(_UNIT),
        ),
    )


_UNIT = Count("unit", "unit", 1, 8192, 1)
_LOSSES = Pick("loss", "gradient of", (("last", "the last loss alone"), ("all", "all losses")))


def _with(*controls: Control) -> Callable[[], Controls]:
    return partial(Controls, controls)


def _plain(draw: Callable[[Any, Theme, float], Picture]) -> Draw:
    """A figure on which nothing is marked."""

    def drawn(result: Any, theme: Theme, width: float, marks: Marks) -> Picture:
        return draw(result, theme, width)

    return drawn


def _at_cursor(draw: Callable[[Any, Theme, float, int | None], Picture]) -> Draw:
    """A figure that marks the step at the cursor."""

    def drawn(result: Any, theme: Theme, width: float, marks: Marks) -> Picture:
        return draw(result, theme, width, marks.cursor)

    return drawn


def _draw_causes(result: Causes, theme: Theme, width: float, marks: Marks) -> Picture:
    return causes_picture(result, theme, width, marks.cursor, marks.loss, marks.state)


def _draw_memory(result: MemoryMap, theme: Theme, width: float, marks: Marks) -> Picture:
    return memory_picture(result, theme, width, marks.cursor, marks.loss)
