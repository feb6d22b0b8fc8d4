"""Every figure of the laboratory in one table: what it is called, computes and draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rnnviz.app.lab.controls import Control, Controls, Count, Pick, Tick
from rnnviz.app.lab.hand_controls import HandControls
from rnnviz.app.lab.match_controls import MatchControls
from rnnviz.app.lab.measure_cells import CellRunner
from rnnviz.app.lab.measure_gradients import FlowKeeper, measure_causes, measure_flow
from rnnviz.app.lab.measure_hand import HandKeeper
from rnnviz.app.lab.measure_health import measure_health
from rnnviz.app.lab.measure_spectra import SpectrumKeeper, measure_jacobians
from rnnviz.app.lab.measure_states import (
    PathKeeper,
    measure_activity,
    measure_clipping,
    measure_matches,
    measure_memory,
    measure_response,
    measure_saturation,
)
from rnnviz.app.lab.measure_what_if import WhatIfKeeper
from rnnviz.app.lab.request import Draw, Marks, Measure
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.scene.lab.activity import UnitActivity, activity_picture
from rnnviz.scene.lab.causes import Causes, causes_picture
from rnnviz.scene.lab.cells import CellComparison, cells_picture
from rnnviz.scene.lab.clipping import ClipRecord, clipping_picture
from rnnviz.scene.lab.difference import Difference, difference_picture
from rnnviz.scene.lab.eigenvalues import WeightSpectra, eigenvalues_picture
from rnnviz.scene.lab.flow import GradientFlow, flow_picture
from rnnviz.scene.lab.flow_history import FlowHistory, history_picture
from rnnviz.scene.lab.hand import ByHand, hand_picture
from rnnviz.scene.lab.health import TrainingHealth, health_picture
from rnnviz.scene.lab.jacobians import Spectra, jacobians_picture
from rnnviz.scene.lab.matches import MatchSearch, matches_picture
from rnnviz.scene.lab.memory import MemoryMap, memory_picture
from rnnviz.scene.lab.response import UnitResponse, response_picture
from rnnviz.scene.lab.saturation import SaturationScatter, saturation_picture
from rnnviz.scene.lab.trajectory import StatePath, trajectory_picture
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
            _draw_flow,
        ),
        Figure(
            "history",
            "Gradient while training",
            "‖∂L/∂h_t‖ of the passes shown so far, iteration by step",
            FlowKeeper().measure,
            _draw_history,
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
            _draw_jacobians,
            _with(Count("origin", "products from", 0, 1_000_000, 0, "the initial state")),
        ),
        Figure(
            "what-if",
            "What if",
            "Change a number of the pass and see what follows; training never notices",
            WhatIfKeeper().measure,
            _draw_difference,
            WhatIfControls,
            follows=False,
        ),
        Figure(
            "by-hand",
            "Vanish and explode by hand",
            "Set σ₁ or the spectral radius of W_hh on a copy, and see the gradient",
            HandKeeper().measure,
            _draw_by_hand,
            HandControls,
        ),
        Figure(
            "cells",
            "Compare cells",
            "Vanilla, LSTM and GRU on the same data and seed, with the same axes",
            CellRunner().measure,
            _draw_cells,
            _with(
                Count("iterations", "train each for", 0, 100_000, 300),
                Count("steps", "steps T", 0, 2000, 0, "as in the run"),
                _LOSSES,
            ),
            follows=False,
        ),
        Figure(
            "eigenvalues",
            "Eigenvalues of W_hh",
            "In the complex plane, with the unit circle, moving while it trains",
            SpectrumKeeper().measure,
            _draw_eigenvalues,
        ),
        Figure(
            "clipping",
            "Clipping",
            "The gradient's norm before and after clipping, and the threshold",
            measure_clipping,
            _draw_clipping,
        ),
        Figure(
            "health",
            "Training health",
            "The loss against guessing, the size of the updates, units that are stuck",
            measure_health,
            _draw_health,
        ),
        Figure(
            "saturation",
            "Gate saturation",
            "Per unit, the share of steps at either end of its range",
            measure_saturation,
            _draw_saturation,
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
            _draw_activity,
            _with(_UNIT, Pick("part", "of", (("h", "h, hidden state"), ("c", "c, cell (LSTM)")))),
        ),
        Figure(
            "trajectory",
            "Path of the state",
            "The states on two principal axes, frozen or following",
            PathKeeper().measure,
            _draw_trajectory,
            _with(Tick("frozen", "keep these axes while training")),
        ),
        Figure(
            "matches",
            "Match search",
            "Find the places where the same units are on",
            measure_matches,
            _draw_matches,
            MatchControls,
        ),
        Figure(
            "response",
            "Response to a token",
            "How one unit changes, on average, when a token is read",
            measure_response,
            _draw_response,
            _with(_UNIT),
        ),
    )


_UNIT = Count("unit", "unit", 1, 8192, 1)
_LOSSES = Pick("loss", "gradient of", (("last", "the last loss alone"), ("all", "all losses")))


def _with(*controls: Control) -> Callable[[], Controls]:
    return partial(Controls, controls)


def _draw_flow(result: GradientFlow, theme: Theme, width: float, marks: Marks) -> Picture:
    return flow_picture(result, theme, width, marks.cursor)


def _draw_history(result: FlowHistory, theme: Theme, width: float, marks: Marks) -> Picture:
    return history_picture(result, theme, width)


def _draw_causes(result: Causes, theme: Theme, width: float, marks: Marks) -> Picture:
    return causes_picture(result, theme, width, marks.cursor, marks.loss, marks.state)


def _draw_jacobians(result: Spectra, theme: Theme, width: float, marks: Marks) -> Picture:
    return jacobians_picture(result, theme, width, marks.cursor)


def _draw_eigenvalues(result: WeightSpectra, theme: Theme, width: float, marks: Marks) -> Picture:
    return eigenvalues_picture(result, theme, width)


def _draw_difference(result: Difference, theme: Theme, width: float, marks: Marks) -> Picture:
    return difference_picture(result, theme, width, marks.cursor)


def _draw_by_hand(result: ByHand, theme: Theme, width: float, marks: Marks) -> Picture:
    return hand_picture(result, theme, width)


def _draw_cells(result: CellComparison, theme: Theme, width: float, marks: Marks) -> Picture:
    return cells_picture(result, theme, width)


def _draw_clipping(result: ClipRecord, theme: Theme, width: float, marks: Marks) -> Picture:
    return clipping_picture(result, theme, width)


def _draw_health(result: TrainingHealth, theme: Theme, width: float, marks: Marks) -> Picture:
    return health_picture(result, theme, width)


def _draw_saturation(
    result: SaturationScatter, theme: Theme, width: float, marks: Marks
) -> Picture:
    return saturation_picture(result, theme, width)


def _draw_memory(result: MemoryMap, theme: Theme, width: float, marks: Marks) -> Picture:
    return memory_picture(result, theme, width, marks.cursor, marks.loss)


def _draw_activity(result: UnitActivity, theme: Theme, width: float, marks: Marks) -> Picture:
    return activity_picture(result, theme, width, marks.cursor)


def _draw_trajectory(result: StatePath, theme: Theme, width: float, marks: Marks) -> Picture:
    return trajectory_picture(result, theme, width, marks.cursor)


def _draw_matches(result: MatchSearch, theme: Theme, width: float, marks: Marks) -> Picture:
    return matches_picture(result, theme, width)


def _draw_response(result: UnitResponse, theme: Theme, width: float, marks: Marks) -> Picture:
    return response_picture(result, theme, width)
