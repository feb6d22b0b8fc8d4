"""Decides what the laboratory computes and when: only what is seen, only what has changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QSize, Signal, Slot

from rnnviz.analysis.layers import layer_names
from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.lab.catalog import Figure
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.kept_shelf import KeptShelf
from rnnviz.app.lab.lab_actions import LabActions
from rnnviz.app.lab.lab_panel import LabPanel, LabWindow
from rnnviz.app.lab.match_controls import MatchControls
from rnnviz.app.lab.mirror import mirrored
from rnnviz.app.lab.pointing import Pointing
from rnnviz.app.lab.request import Request
from rnnviz.app.lab.takeaway import Takeaway, TakeOrder
from rnnviz.app.lab.walker import Walker
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.lab.worker import Done, LabWorker
from rnnviz.app.settings import Settings
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.lab.difference import Difference
from rnnviz.scene.state import ViewState
from rnnviz.session.run import Run

_AGE_SECONDS = 0.5
_WALKS = "causes"
"""The figure with which a loss that is clicked, there or on the graph, walks back."""
_BORDERS = QSize(20, 60)
"""What a frame and a title take beside the window that they are around."""
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
        self.actions = LabActions(model, KeptShelf(settings.kept_edits, lambda: self.run()), self)
        self.takeaway = Takeaway(self.worker, FileDialogs(settings), self)
        self.pointing = Pointing(model)
        self.walker = Walker(self.worker, self)
        self.walker.asked.connect(self.hurried)
        self.large: LabWindow | None = None
        self.run: Callable[[], Run | None] = lambda: None
        self._figures = figures
        self._model = model
        self._settings = settings
        self._layer = ""
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
        if not self.answer() and self._arrived:
            # One figure a frame: four new ones at once would be one long pause.
            self._deliver(self._arrived.popleft())
        state = self._model.state
        if state is None:
            return
        seen = [card for card in self._cards() if card.isVisible()]
        heeds = any(card.figure.id == _WALKS for card in seen)
        self.pointing.listen(state, self._layer, heeds=heeds)
        if not seen:
            return
        self._offer_layers(state)
        if heeds and not self.walker.follow(self.pointing.loss, state):
            self.pointing.forget_loss()
        for card in seen:
            card.set_look(state.theme, self.pointing.marks(state, self._layer))
            self._ask(card, state)
        self._show_progress(seen)
        self._since_age += seconds
        if self._since_age >= _AGE_SECONDS:
            self._since_age = 0.0
            for card in seen:
                card.show_age()

    def answer(self) -> bool:
        """Show what a hand waits for as soon as it has come, before all else; whether it has."""
        self._arrived += self.worker.take()
        awaited = [done for done in self._arrived if done.urgent]
        for done in awaited:
            self._arrived.remove(done)
            self._deliver(done)
        return bool(awaited)

    def close(self) -> bool:
        """End the worker and the large window; edits that still hold are kept."""
        edited = self.edits
        if edited is not None:
            edited.kept.leave(edited.history.edits, edited.history.kept)
        if self.large is not None:
            self._settings.save_layout("laboratory", self.large.saveGeometry())
            self.large.close()
        return self.worker.close()

    @property
    def edits(self) -> WhatIfControls | None:
        """What-if in the panel, if it was ever shown."""
        controls = self.panel.card.controls_of("what-if")
        return controls if isinstance(controls, WhatIfControls) else None

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
                # Where everything is shown larger, the whole desk may be smaller than that.
                desk = owner.screen().availableSize() - _BORDERS
                self.large.resize(QSize(1180, 860).boundedTo(desk))
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
        self._offer_layers(state)  # between two ticks there may be none yet, or an older model's
        self.actions.listen(card.controls, self._layer)
        trace = self.walker.base_of(state.trace)
        card.controls.follow(trace, state, can_apply=self.run() is not None)
        if not urgent and (card.is_resting or card.in_hand):
            return
        order = self._order(card, state, steady=urgent)
        if card.asked == order.ticket:
            return
        card.asked = order.ticket
        card.show_waiting()
        measure = partial(order.figure.measure, order.request)
        self.worker.ask(card.key, order, measure, urgent=urgent, kind=order.figure.id)
        if urgent:
            self.hurried.emit()

    def _order(self, card: FigureCard, state: ViewState, *, steady: bool = False) -> Order:
        """What the card would show now; ``steady``: of the pass that it shows, if that is new.

        Under a moving slider only what the hand does may change, and a pass that is known already
        has its answer sooner.
        """
        run = self.run()
        config, history = (None, None) if run is None else (run.config, run.history)
        trace, options = self.walker.base_of(state.trace), card.controls.options()
        before = card.request if steady and card.is_fresh else None
        if before is not None and before.trace.spec == trace.spec:
            trace = before.trace
        return Order(card.figure, Request(trace, self._layer, state.row, options, config, history))

    def _deliver(self, done: Done) -> None:
        order = done.ticket
        if isinstance(order, TakeOrder):
            self.takeaway.deliver(done)
        self.walker.deliver(done)
        if not isinstance(order, Order):
            return
        for card in self._cards():
            if card.key == done.key and card.figure is order.figure:
                card.show_done(done, order.request)
                card.waiting = card.asked != order.ticket
                if getattr(done.result, "again", False) and card.stopped != order.ticket:
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
            card.take_in_hand()

    def _show_progress(self, seen: list[FigureCard]) -> None:
        for card in seen:
            is_wanted = card.asked is None or card.asked != card.stopped
            under_way = self.worker.progress_of(card.key)
            if under_way is not None and is_wanted:
                card.show_progress(*under_way)
            elif not (is_wanted and getattr(card.result, "again", False)):
                # What is done in slices is under way between them, too.
                card.show_progress(0, 0)

    @Slot()
    def _cancel(self) -> None:
        """The user does not want to wait; nothing is asked until something changes."""
        card, state = self.sender(), self._model.state
        if isinstance(card, FigureCard) and state is not None:
            self.worker.forget(card.key)
            card.asked = card.stopped = self._order(card, state).ticket
            card.show_stopped()

    @Slot(str)
    def _point(self, node: str) -> None:
        """A loss, a state, a cell of the matrix or a step was clicked: the stage follows."""
        card = self.sender()
        if not node.startswith("brush@"):
            self.pointing.point(node, self._layer)
        elif isinstance(card, FigureCard) and isinstance(card.controls, MatchControls):
            card.controls.brush(int(node.partition("@")[2]))

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

    # --- layers ----------------------------------------------------------------------------------

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
