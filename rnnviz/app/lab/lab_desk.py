"""Decides what the laboratory computes and when: only what is seen, only what has changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.analysis.layers import layer_names
from rnnviz.app.lab.catalog import Figure
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.lab_actions import LabActions
from rnnviz.app.lab.lab_panel import LabPanel, LabWindow
from rnnviz.app.lab.match_controls import MatchControls
from rnnviz.app.lab.mirror import mirrored
from rnnviz.app.lab.request import Marks, Request
from rnnviz.app.lab.takeaway import Takeaway, TakeOrder
from rnnviz.app.lab.worker import Done, LabWorker
from rnnviz.app.settings import Settings
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.lab.difference import Difference
from rnnviz.scene.state import ViewState
from rnnviz.session.run import Run

_AGE_SECONDS = 0.5
_FIRST_FIGURES = ("flow", "causes", "jacobians", "eigenvalues")


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What a card asked for; comes back with the result."""

    figure: Figure
    request: Request

    @property
    def ticket(self) -> tuple[object, ...]:
        """Equal for orders that have the same answer."""
        return (self.figure.id, *self.request.ticket(follows=self.figure.follows))


class LabDesk(QObject):
    """Asks the worker for the figures in sight and hands its results to their cards.

    What a figure does to the stage or to the run goes through `actions`; `hurried` says that a
    setting was changed by hand and its figure is on the way.
    """

    hurried = Signal()

    def __init__(
        self,
        panel: LabPanel,
        figures: tuple[Figure, ...],
        model: StageModel,
        settings: Settings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.panel = panel
        self.worker = LabWorker()
        self.actions = LabActions(model, self)
        self.takeaway = Takeaway(self.worker, self)
        self.large: LabWindow | None = None
        self.run: Callable[[], Run | None] = lambda: None
        self._figures = figures
        self._model = model
        self._settings = settings
        self._layer = ""
        self._loss: int | None = None
        self._state: int | None = None
        self._arrived: deque[Done] = deque()
        self._since_age = 0.0
        self._watch(panel.card)
        panel.layers.chosen.connect(self._choose_layer)
        panel.large_wanted.connect(self.show_large)

    # --- life ------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a result is on its way that somebody is looking at."""
        under_way = self.worker.busy or bool(self._arrived)
        return under_way and any(card.isVisible() for card in self._cards())

    def tick(self, seconds: float) -> None:
        """Take what is done, ask for what is missing."""
        self._arrived += self.worker.take()
        if self._arrived:
            # One figure a frame: four new ones at once would be one long pause.
            self._deliver(self._arrived.popleft())
        state = self._model.state
        if state is None:
            return
        seen = [card for card in self._cards() if card.isVisible()]
        if not seen:
            return
        self._offer_layers(state)
        for card in seen:
            card.set_look(state.theme, self._marks(state))
            self._ask(card, state)
        self._show_progress(seen)
        self._since_age += seconds
        if self._since_age >= _AGE_SECONDS:
            self._since_age = 0.0
            for card in seen:
                card.show_age()

    def close(self) -> bool:
        """End the worker and the large window."""
        if self.large is not None:
            self._settings.save_layout("laboratory", self.large.saveGeometry())
            self.large.close()
        return self.worker.close()

    @Slot()
    def open_large(self) -> None:
        """The large window, where it was left."""
        if self.large is None:
            owner = self.panel.window()
            self.large = LabWindow(mirrored(self._figures, self.panel), _FIRST_FIGURES, owner)
            self.large.cards_changed.connect(self._watch_all)
            self.large.layers.chosen.connect(self._choose_layer)
            self._watch_all()
            geometry = self._settings.layout("laboratory")
            if geometry is None or not self.large.restoreGeometry(geometry):
                self.large.resize(1180, 860)
        self.large.show()
        self.large.activateWindow()

    @Slot(str)
    def show_large(self, figure: str) -> None:
        """One figure alone on the large window, with the settings that it has in the panel."""
        self.open_large()
        if self.large is not None and any(each.id == figure for each in self.large.figures):
            self.large.show_figure(figure).controls.take_over(self.panel.card.controls)

    # --- asking ----------------------------------------------------------------------------------

    def _cards(self) -> list[FigureCard]:
        return [self.panel.card, *(self.large.cards if self.large is not None else ())]

    def _ask(self, card: FigureCard, state: ViewState, *, urgent: bool = False) -> None:
        """Ask for the card's figure of this pass, unless just that was asked for already."""
        figure = card.figure
        self.actions.listen(card.controls, self._layer)
        run = self.run()
        card.controls.follow(state.trace, state, can_apply=run is not None)
        options = card.controls.options()
        request = Request(
            state.trace, self._layer, state.row, options,
            run.config if run is not None else None, run.history if run is not None else None,
        )  # fmt: skip
        order = Order(figure, request)
        if card.asked == order.ticket or (card.is_resting and not urgent):
            return
        card.asked = order.ticket
        card.show_waiting()
        self.worker.ask(card.key, order, partial(figure.measure, order.request), urgent=urgent)
        if urgent:
            self.hurried.emit()

    def _deliver(self, done: Done) -> None:
        order = done.ticket
        if isinstance(order, TakeOrder):
            self.takeaway.deliver(done)
        if not isinstance(order, Order):
            return
        for card in self._cards():
            if card.key == done.key and card.figure is order.figure:
                card.show_done(done, order.request)
                card.waiting = card.asked != order.ticket
                if getattr(done.result, "again", False):
                    card.asked = None
                if isinstance(done.result, Difference):
                    edits = order.request.options.get("edits")
                    self.actions.show_edited(card.controls, done.result, edits)

    @Slot()
    def _hurry(self) -> None:
        """A setting was changed by hand: its figure comes first."""
        card, state = self.sender(), self._model.state
        if isinstance(card, FigureCard) and state is not None:
            self._ask(card, state, urgent=True)

    def _show_progress(self, seen: list[FigureCard]) -> None:
        under_way = self.worker.progress
        for card in seen:
            if under_way is not None and under_way[0] == card.key:
                card.show_progress(under_way[1], under_way[2])
            else:
                card.show_progress(0, 0)

    @Slot()
    def _cancel(self) -> None:
        """The user does not want to wait; nothing is asked until something changes."""
        card = self.sender()
        if isinstance(card, FigureCard):
            self.worker.forget(card.key)

    @Slot(str)
    def _take(self, way: str) -> None:
        card = self.sender()
        if isinstance(card, FigureCard):
            self.takeaway.take(card, way)

    @Slot()
    def _watch_all(self) -> None:
        for card in self._cards():
            self._watch(card)

    def _watch(self, card: FigureCard) -> None:
        if card.property("watched"):
            return
        card.setProperty("watched", True)
        card.changed.connect(self._hurry)
        card.chosen.connect(self._hurry)
        card.node_clicked.connect(self._point)
        card.cancelled.connect(self._cancel)
        card.taken.connect(self._take)

    # --- pointing --------------------------------------------------------------------------------

    def _marks(self, state: ViewState) -> Marks:
        part = self._part(state)
        column = state.cursor.column - part[0]
        cursor = column if 0 <= column < part[1] else None
        return Marks(cursor, self._loss, self._state)

    def _part(self, state: ViewState) -> tuple[int, int]:
        """First column and number of steps of the chosen layer's part."""
        for part in state.trace.parts:
            if self._layer.startswith(part.prefix) and part.prefix:
                return part.start, part.steps
        return state.trace.parts[0].start, state.trace.parts[0].steps

    @Slot(str)
    def _point(self, node: str) -> None:
        """A loss, a state, a cell of the matrix or a step was clicked: the stage follows."""
        state = self._model.state
        kind, _, place = node.partition("@")
        if state is None or not place:
            return
        numbers = [int(each) for each in place.split(",")]
        start = self._part(state)[0]
        if kind == "loss":
            self._loss, self._state = _toggled(self._loss, numbers[0]), None
            self._model.select(f"loss@{state.trace.output_part.start + numbers[0]}")
        elif kind == "state":
            self._state, self._loss = _toggled(self._state, numbers[0]), None
            self._model.select(f"{self._state_name()}@{start + numbers[0]}")
        elif kind == "cell":
            self._loss, self._state = numbers[0], numbers[1]
            self._model.select(f"{self._state_name()}@{start + numbers[1]}")
        elif kind == "step":
            self._model.seek_column(start + numbers[0])
        elif kind == "place":
            self._model.choose_row(numbers[0])
            self._model.seek_column(start + numbers[1])
        elif kind == "brush":
            card = self.sender()
            if isinstance(card, FigureCard) and isinstance(card.controls, MatchControls):
                card.controls.brush(numbers[0])

    def _state_name(self) -> str:
        for prefix in ("encoder_", "decoder_"):
            if self._layer.startswith(prefix):
                return f"{prefix}h_{self._layer.removeprefix(prefix)}"
        return f"h_{self._layer}"

    def _offer_layers(self, state: ViewState) -> None:
        names = [str(name) for name in layer_names(state.trace)]
        if self._layer not in names:
            last = state.trace.spec.prefixes[-1]
            forward = [n for n in names if n.startswith(last) and not n.endswith("_reverse")]
            self._layer = forward[-1]
        self.panel.layers.set_layers(names, self._layer)
        if self.large is not None:
            self.large.layers.set_layers(names, self._layer)

    @Slot(str)
    def _choose_layer(self, name: str) -> None:
        self._layer = name


def _toggled(now: int | None, chosen: int) -> int | None:
    return None if now == chosen else chosen
