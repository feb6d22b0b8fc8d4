"""What a repaint of the stage costs: everything that changes in one step, offscreen raster.

Run ``python benchmarks/stage.py``. Every figure is the median over the operations of a pass, in
milliseconds of the painting thread: building the picture and composing its pixels, in the room
that the graph has in a window of 1600 × 1000. The passes are random numbers in the shapes of
real ones: what painting costs does not depend on what the numbers mean.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Labels, ModelSpec, Trace, Update
from rnnviz.views.painter import Painter

GRAPH = (990.0, 430.0)
GUTTER, MARGIN = 118.0, 76.0

View = Callable[[ViewState, float, float], Picture]


def a_pass(spec: ModelSpec, steps: int, seed: int = 0) -> Trace:
    """A trace of that shape, float32, one sequence."""
    rng = np.random.default_rng(seed)
    hidden = spec.hidden_size

    def some(*shape: int) -> np.ndarray:
        return rng.uniform(-1, 1, shape).astype(np.float32)

    tokens = rng.integers(0, spec.input_size, (steps, 1))
    x = np.zeros((steps, 1, spec.input_size), np.float32)
    np.put_along_axis(x, tokens[..., None], 1.0, axis=2)
    arrays = {"x": x, "tokens": tokens}
    for name in spec.layer_names():
        for key in ("h", *(["c"] if spec.has_cell_state else []), *spec.gates):
            arrays[f"{key}_{name}"] = some(steps, 1, hidden)
        arrays[f"h0_{name}"] = some(1, hidden)
        arrays[f"dL_dh_{name}"] = some(steps, 1, hidden)
        arrays[f"dL_dh_direct_{name}"] = some(steps, 1, hidden)
        arrays[f"step_norm_W_hh_{name}"] = np.abs(some(steps))
    arrays["logits"] = some(steps, 1, spec.output_size)
    raw = np.exp(3 * arrays["logits"])
    arrays["probs"] = raw / raw.sum(-1, keepdims=True)
    arrays["loss"] = np.abs(some(steps, 1)) * 4
    arrays["loss_mask"] = np.ones((steps, 1), np.float32)
    arrays["loss_total"] = np.array(arrays["loss"].sum())
    arrays["dL_dlogits"] = some(steps, 1, spec.output_size)
    letters = "helo wrdtiscuampgnbyfkvjqxzHTWASIN.,'-;:!?()0123456789BCDEFGKLMOPQ"
    words = tuple(letters[i % len(letters)] for i in tokens[:, 0])
    labels = Labels((words,), (words,), (), tuple(letters), tuple(letters))
    return Trace(spec, arrays, labels, update=Update("sgd", 0.1, 1.0, 1.0, None, 3.0, 0.1))


def state_of(trace: Trace, width: float) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, GUTTER, width - GUTTER - MARGIN)
    return ViewState(trace, timeline, cursor_at(timeline, 0.0), axis, LIGHT)


def steps_of(state: ViewState, count: int = 120) -> Iterator[ViewState]:
    """Operation after operation: half of them in the forward pass, half in the backward."""
    timeline = state.timeline
    forward, backward = timeline.backward_start, len(timeline) - timeline.backward_start
    starts = (max((forward - count // 2) // 2, 0), forward + max((backward - count // 2) // 2, 0))
    for start, most in zip(starts, (forward, len(timeline)), strict=True):
        for position in range(start + 1, min(start + count // 2, most) + 1):
            yield replace(state, cursor=cursor_at(timeline, position))


def frames_of(state: ViewState, count: int = 120) -> Iterator[ViewState]:
    """Playing in slow motion: ten frames for each operation."""
    start = state.timeline.backward_start - count // 20
    for frame in range(count):
        yield replace(state, cursor=cursor_at(state.timeline, start + frame / 10))


def training(trace: Trace, state: ViewState, count: int = 40) -> Iterator[ViewState]:
    """A new trace for every frame, shown at the end of its pass."""
    end = cursor_at(state.timeline, len(state.timeline))
    for _ in range(count):
        yield replace(state, trace=replace(trace), cursor=end)


def panning(state: ViewState, count: int = 60) -> Iterator[ViewState]:
    """Zooming in from the whole to a few steps and scrolling on the way."""
    axis = state.axis
    state = replace(state, cursor=cursor_at(state.timeline, len(state.timeline)))
    for number in range(count):
        axis = axis.zoomed(1.02, 500.0).scrolled(3.0 if number % 2 else -2.0)
        yield replace(state, axis=axis)


ROUNDS = 3
"""Every pass is played this often and the quickest time of each state taken: other programs on
the machine can only add to it."""


def milliseconds(view: View, states: Iterator[ViewState], size: tuple[float, float]) -> float:
    """Median over the states; the first few only warm the caches."""
    listed = list(states)
    rounds = []
    for _ in range(ROUNDS):
        painter = Painter()
        costs = []
        for state in listed:
            start = time.thread_time()
            painter.compose(view(state, *size))
            costs.append(time.thread_time() - start)
        rounds.append(costs[3:])
    return statistics.median(map(min, zip(*rounds, strict=True))) * 1e3


def specs() -> dict[str, tuple[ModelSpec, int, float]]:
    """Name → model, steps and the goal in milliseconds."""
    return {
        "hello, vanilla H=3, T=4": (
            ModelSpec(input_size=4, hidden_size=3, output_size=4), 4, 1.5),
        "vanilla H=100, T=25": (
            ModelSpec(input_size=65, hidden_size=100, output_size=65), 25, 2.0),
        "LSTM H=128, 2 layers, T=100": (
            ModelSpec(input_size=65, hidden_size=128, output_size=65, cell="lstm", layers=2),
            100, 4.0),
        "vanilla H=512, T=10,000": (
            ModelSpec(input_size=65, hidden_size=512, output_size=65), 10_000, 10.0),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    app = QApplication([])
    print(f"{'graph':32} {'step':>7} {'frame':>7} {'new trace':>10} {'pan+zoom':>9} {'goal':>6}")
    for name, (spec, steps, goal) in specs().items():
        trace = a_pass(spec, steps)
        state = state_of(trace, GRAPH[0])
        row = [
            milliseconds(graph_picture, steps_of(state), GRAPH),
            milliseconds(graph_picture, frames_of(state), GRAPH),
            milliseconds(graph_picture, training(trace, state), GRAPH),
            milliseconds(graph_picture, panning(state), GRAPH),
        ]
        print(f"{name:32} {row[0]:7.2f} {row[1]:7.2f} {row[2]:10.2f} {row[3]:9.2f} {goal:6.1f}")
    app.quit()


if __name__ == "__main__":
    main()
