"""Three cells on the same data and seed, trained side by side in the laboratory's thread."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import contributions, layer_named
from rnnviz.analysis.losses import loss_weights
from rnnviz.analysis.norms import log10_norms
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.walk import can_sweep
from rnnviz.app.config_edits import edited
from rnnviz.app.lab.measure_hand import last_loss_log10
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.cells import CellComparison, CellCurve
from rnnviz.scene.lab.matrix import pooled
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]
_LONGEST_MATRIX = 300
"""Steps up to which the matrix of all losses and states is computed for each cell."""
_MOST_CELLS = 150
_MOST_POINTS = 400
CELLS = ("rnn", "lstm", "gru")
_SLICE_SECONDS = 0.25
"""Training between two looks: the curves move while the three are trained."""


class CellRunner:
    """Keeps the three runs, so that more iterations go on from where they stand."""

    def __init__(self) -> None:
        self._config: RunConfig | None = None
        self._runs: dict[str, Run] = {}

    def measure(self, request: Request, progress: Progress) -> CellComparison:
        """The curves now; ``again`` says that the asked-for iterations are not reached yet."""
        config = self._config_of(request)
        wanted = int(request.options.get("iterations", 0))
        last_only = request.options.get("loss", "last") == "last"
        if config != self._config:
            self._config, self._runs = None, {}
            for made, cell in enumerate(CELLS):
                report(progress, made, len(CELLS))
                self._runs[cell] = Run.create(edited(config, "cell", cell))
            self._config = config
        now = self._train(wanted, progress)
        curves = tuple(_curve(cell, run, request, last_only) for cell, run in self._runs.items())
        first = self._runs["rnn"]
        return CellComparison(
            curves, now, wanted, last_only, config.seed, first.spec.hidden_size, now < wanted
        )

    def _config_of(self, request: Request) -> RunConfig:
        config = request.config
        if config is None:
            raise UserError(
                "Cells are compared on the data of a run; this is a recording. Open a task first."
            )
        if request.trace.spec.layer_norm:
            config = edited(config, "layer_norm", False)
        config = edited(config, "residual", False)
        config = msgspec.structs.replace(config, dtype="float64")
        steps = int(request.options.get("steps", 0))
        return edited(config, "window", steps) if steps else config

    def _train(self, wanted: int, progress: Progress) -> int:
        """All three one iteration after the other, for a slice of time; how far they are."""
        runs = self._runs.values()
        begun = perf_counter()
        now = min(run.iteration for run in runs)
        if now > wanted:
            for run in runs:
                run.travel(wanted)
            return wanted
        while now < wanted and perf_counter() - begun < _SLICE_SECONDS:
            for run in runs:
                run.step()
            now += 1
            report(progress, now, wanted)
        return now


def _curve(cell: str, run: Run, request: Request, last_only: bool) -> CellCurve:
    trace = run.trace()
    layer = request.layer if any(request.layer == n for n in trace.spec.layer_names()) else None
    name = layer_named(trace, layer)
    log10 = (
        last_loss_log10(trace, str(name))
        if last_only
        else log10_norms(trace[f"dL_d{name.array('h')}"][:, 0])
    )
    iterations, losses = _learned(run)
    return CellCurve(
        cell, log10, float(trace["loss_total"]), run.net.params.flat.size,
        _matrix(trace, str(name)), iterations, losses,
    )  # fmt: skip


def _matrix(trace: Trace, layer: str) -> Array:
    """log₁₀ ‖∂L_k/∂h_t‖ where it costs no more than a few frames; else empty."""
    if not can_sweep(trace) or len(trace["logits"]) > _LONGEST_MATRIX:
        return np.empty((0, 0))
    found = contributions(trace, layer, shares=False).log10_norm
    counted = loss_weights(trace)[: len(found)] > 0.0
    if int(counted.sum()) < 2:
        return np.empty((0, 0))
    return pooled(np.asarray(found, np.float64), _MOST_CELLS)


def _learned(run: Run) -> tuple[Array, Array]:
    """The iterations so far and their smoothed losses, thinned for a curve."""
    history = run.history.still()
    iterations, losses = history.column("iteration"), history.column("smoothed_loss")
    n = int(np.searchsorted(iterations, run.iteration, "right"))
    stride = max(1, n // _MOST_POINTS)
    chosen = np.unique(np.append(np.arange(0, n, stride), n - 1)) if n else np.empty(0, np.intp)
    return iterations[chosen], losses[chosen]
