"""A loss that was clicked walks back through the stage's own graph, as if it alone counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from rnnviz.analysis import single_loss
from rnnviz.analysis.progress import Progress
from rnnviz.app.lab.worker import Done, LabWorker
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace

_KEY = "a loss on its way back"


@dataclass(frozen=True, slots=True, eq=False)
class WalkOrder:
    """The ticket of a walk: the pass, the loss and the sequence."""

    base: Trace
    loss: int
    row: int


class Walker(QObject):
    """`shown` carries the pass in which only that loss counts, `ended` the whole one again."""

    shown = Signal(object, int)
    ended = Signal(object)
    failed = Signal(str)
    asked = Signal()

    def __init__(self, worker: LabWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._order: WalkOrder | None = None
        self._walk: Trace | None = None

    def base_of(self, trace: Trace) -> Trace:
        """The whole pass where a walk through it is on the stage: what the figures are of."""
        order = self._order
        return order.base if order is not None and trace is self._walk else trace

    def follow(self, loss: int | None, state: ViewState) -> bool:
        """Walk the loss that is pointed at, or none. False where a walk was left with Esc."""
        order = self._order
        if self._walk is not None and state.trace is not self._walk:
            self._order = self._walk = None
            return loss is None
        if order is not None and (loss, state.row) == (order.loss, order.row):
            return True
        base = self.base_of(state.trace)
        if loss is None:
            self._end(base, on_stage=self._walk is not None)
        elif base.has_gradients:
            self._order = order = WalkOrder(base, loss, state.row)
            job = partial(_walked, order)
            self._worker.ask(_KEY, order, job, urgent=True)
            self.asked.emit()
        return True

    def deliver(self, done: Done) -> None:
        """The walk has come; it is shown unless another was asked for meanwhile."""
        order = done.ticket
        if not isinstance(order, WalkOrder) or order is not self._order:
            return
        if isinstance(done.result, Trace):
            self._walk = done.result
            self.shown.emit(done.result, order.loss)
        else:
            # The order stays: what cannot be had once is not asked for again and again.
            self.failed.emit(done.error)

    def _end(self, base: Trace, *, on_stage: bool) -> None:
        self._order = self._walk = None
        if on_stage:
            self.ended.emit(base)


def _walked(order: WalkOrder, progress: Progress) -> Trace:
    return single_loss(order.base, order.loss, order.row)
