"""What the inspector says about a state's gradient beyond the pass itself, computed aside."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from rnnviz.app.lab.worker import LabWorker
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.inspector import inspected_node
from rnnviz.scene.inspector_findings import Findings
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace, UserError
from rnnviz.views.inspector_view import InspectorView

if TYPE_CHECKING:
    from rnnviz.analysis.progress import Progress

_SECONDS = 0.25
_LIVE_SECONDS = 2.0
"""While training runs flat out, the findings are refreshed this often: they take a core."""
_MOST_STEPS = 64
_MOST_UNITS = 256


class FindingsDesk(QObject):
    """Keeps the inspector's findings fresh: who caused the gradient, and the step Jacobians.

    Only for the layer that is looked at, only for passes short and narrow enough that the answer
    comes before the next question (64 steps, 256 units; the laboratory does larger ones).
    """

    def __init__(self, inspector: InspectorView, model: StageModel, parent: QObject) -> None:
        super().__init__(parent)
        self._inspector = inspector
        self._model = model
        self._worker = LabWorker()
        self._asked: object = None
        self._of: object = None
        """What passes the findings that are shown are of."""
        self._since = _SECONDS

    @property
    def busy(self) -> bool:
        return self._worker.busy

    def tick(self, seconds: float) -> None:
        """Take what is done; four times a second, ask for what is missing."""
        state, live = self._model.state, self._model.live
        for done in self._worker.take():
            self._of = done.ticket
            self._inspector.set_findings(done.result if isinstance(done.result, Findings) else None)
        if state is not None and state.trace.has_gradients and self._of != _passes_like(state):
            # Numbers of another network or sequence; those of a sample are not shown anyway.
            self._inspector.set_findings(None)
        self._since += seconds
        rest = _LIVE_SECONDS if live else _SECONDS
        if self._since < rest:
            return
        if live:
            # Looked at again before long, but not with every frame.
            self._since = rest - _SECONDS
        node = inspected_node(state) if state is not None else None
        if state is None or node is None or node.base != "h" or not _suits(state.trace):
            return
        layer = f"{node.prefix}{node.layer}"
        asked = (state.trace, layer, state.row)
        if self._asked != asked:
            self._asked = asked
            self._since = 0.0
            job = partial(measure, state.trace, layer, state.row)
            self._worker.ask("findings", _passes_like(state), job)

    def close(self) -> bool:
        """End the worker; False if it did not stop in time."""
        return self._worker.close()


def _passes_like(state: ViewState) -> tuple[object, ...]:
    """What the passes have in common that one network makes of one sequence while it learns."""
    trace = state.trace
    return trace.spec, trace.columns, trace.title, state.row


def _suits(trace: Trace) -> bool:
    small = trace.columns <= _MOST_STEPS and trace.spec.hidden_size <= _MOST_UNITS
    return small and trace.has_gradients


def measure(trace: Trace, layer: str, row: int, progress: Progress) -> Findings:
    """‖m_k ∂L_k/∂h_t‖ (K, T) and the singular values of ∂s_t/∂s_{t-1} (T, n) of one layer."""
    # The analyses are loaded by the first question, aside, so that the window need not wait.
    from rnnviz.analysis import contributions, singular_values, step_jacobians

    caused = contributions(trace, layer, row, shares=False, progress=progress)
    weights = np.asarray(trace["loss_mask"][:, row], np.float64)[:, None]
    norms = np.power(10.0, caused.log10_norm.astype(np.float64)) * weights
    values = None
    # Some cells have no step Jacobian of their own (the jordan cell's memory is its output).
    with suppress(UserError):
        values = singular_values(step_jacobians(trace, layer, row), progress)
    return Findings(layer, norms, values, trace.iteration)
