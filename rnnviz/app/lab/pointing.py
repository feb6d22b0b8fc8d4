"""Where the user points in the laboratory: a loss, a state, a step; the stage follows."""

from __future__ import annotations

from rnnviz.app.lab.request import Marks
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.state import ViewState
from rnnviz.trace import ModelSpec


class Pointing:
    """Remembers the chosen loss and state, which all figures mark.

    They are chosen in a figure, or on the graph while a figure listens to it.
    """

    def __init__(self, model: StageModel) -> None:
        self._model = model
        self._loss: int | None = None
        self._state: int | None = None
        self._selected: str | None = None
        self._spec: ModelSpec | None = None

    @property
    def loss(self) -> int | None:
        """The loss that is pointed at, counted from 0."""
        return self._loss

    def forget_loss(self) -> None:
        """Point at no loss any more."""
        self._loss = None

    def listen(self, state: ViewState, layer: str, *, heeds: bool) -> None:
        """What was selected on the stage since the last look; it counts if a figure `heeds` it.

        What was pointed at in a pass of another network is forgotten.
        """
        if state.trace.spec != self._spec:
            self._spec, self._loss, self._state = state.trace.spec, None, None
        selected, before = state.selected, self._selected
        self._selected = selected
        if not heeds or before is None or selected == before:
            return
        name, _, place = selected.partition("@")
        if not place.isdigit():
            return
        if name == "loss":
            self._loss, self._state = int(place) - state.trace.output_part.start, None
        elif name == _state_name(layer):
            self._loss, self._state = None, int(place) - _part(state, layer)[0]

    def marks(self, state: ViewState, layer: str) -> Marks:
        """What the figures of that layer mark."""
        start, steps = _part(state, layer)
        column = state.cursor.column - start
        return Marks(column if 0 <= column < steps else None, self._loss, self._state)

    def point(self, node: str, layer: str) -> None:
        """A loss, a state, a cell of the matrix or a step was clicked: the stage follows."""
        state = self._model.state
        kind, _, place = node.partition("@")
        if state is None or not place:
            return
        numbers = [int(each) for each in place.split(",")]
        start = _part(state, layer)[0]
        if kind == "loss":
            self._loss, self._state = _toggled(self._loss, numbers[0]), None
            self._model.select(f"loss@{state.trace.output_part.start + numbers[0]}")
        elif kind == "state":
            self._state, self._loss = _toggled(self._state, numbers[0]), None
            self._model.select(f"{_state_name(layer)}@{start + numbers[0]}")
        elif kind == "cell":
            self._loss, self._state = numbers[0], numbers[1]
            self._model.select(f"{_state_name(layer)}@{start + numbers[1]}")
        elif kind == "step":
            self._model.seek_column(start + numbers[0])
            return
        elif kind == "place":
            self._model.choose_row(numbers[0])
            self._model.seek_column(start + numbers[1])
            return
        moved = self._model.state
        self._selected = moved.selected if moved is not None else None


def _part(state: ViewState, layer: str) -> tuple[int, int]:
    """First column and number of steps of the layer's part."""
    for part in state.trace.parts:
        if layer.startswith(part.prefix) and part.prefix:
            return part.start, part.steps
    return state.trace.parts[0].start, state.trace.parts[0].steps


def _state_name(layer: str) -> str:
    for prefix in ("encoder_", "decoder_"):
        if layer.startswith(prefix):
            return f"{prefix}h_{layer.removeprefix(prefix)}"
    return f"h_{layer}"


def _toggled(now: int | None, chosen: int) -> int | None:
    return None if now == chosen else chosen
