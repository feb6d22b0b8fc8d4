"""Training health: figures of the pass on the stage and of the run's updates."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.health import health
from rnnviz.analysis.progress import Progress
from rnnviz.app.lab.request import Request
from rnnviz.scene.array_words import marked
from rnnviz.scene.lab.health import TrainingHealth
from rnnviz.trace.history import History

_MOST_POINTS = 400


def measure_health(request: Request, progress: Progress) -> TrainingHealth:
    """What `rnnviz.analysis.health` finds, and ‖Δθ‖/‖θ‖ over the iterations up to this pass."""
    trace = request.trace
    found = health(trace)
    iterations, ratios = _ratios(request.history, trace.iteration)
    last = found.update_ratio
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(ratios)
        norms = tuple(
            (marked(trace.spec, name), float(np.log10(norm)))
            for name, norm in found.grad_norms.items()
        )
        if last is not None:
            newest: float | None = float(np.log10(last))
        else:
            newest = float(logs[-1]) if len(logs) else None
    return TrainingHealth(
        mean_loss=found.mean_loss,
        perplexity=found.perplexity,
        baseline=found.baseline,
        classes=trace.spec.output_size,
        update_log10=newest,
        iterations=iterations,
        ratio_log10=logs,
        dead=found.dead,
        saturated=found.saturated,
        gradients=norms,
    )


def _ratios(
    history: History | None, iteration: int
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    """Iterations and ‖Δθ‖/‖θ‖, thinned for a curve that ends with the newest."""
    if history is None:
        return np.empty(0), np.empty(0)
    names = ("iteration", "update_norm", "param_norm")
    still = history.still()
    columns = [np.asarray(still.column(name), np.float64) for name in names]
    n = int(np.searchsorted(columns[0], iteration, "right"))
    # The size of an update is measured at some of the iterations only.
    measured = np.flatnonzero(~np.isnan(columns[1][:n]))
    chosen = measured[:: -max(1, len(measured) // _MOST_POINTS)][::-1]
    at, update, size = (column[chosen] for column in columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        return at, update / size
