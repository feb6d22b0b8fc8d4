"""What a repaint of the stage costs: everything that changes in one step, offscreen raster.

Run ``python benchmarks/stage.py``. Every figure is the median over the operations of a pass, in
milliseconds of the painting thread: building the pictures and composing their pixels, each view in
the room that it has in a window of 1600 × 1000. ``graph``, ``strips`` and ``inspector`` are a
cursor moving by one operation, ``step`` their sum, which the goal is for; ``frame`` is the graph
between two operations, ``new trace`` the graph of a pass never seen before, ``pan+zoom`` graph and
strips on an axis that moves. Below: scrubbing the cursor from end to end of the longest pass, and
what its views hold in memory beside its arrays. The passes are random numbers in the shapes of
real ones: what painting costs does not depend on what the numbers mean.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Phase, Timeline
from rnnviz.trace import Labels, ModelSpec, Trace, Update
from rnnviz.views.painter import Painter

GRAPH, STRIPS, INSPECTOR = (990.0, 430.0), (990.0, 330.0), (300.0, 760.0)
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


def strips_view() -> View:
    """The strips as their view asks for them: with what it remembers of the last picture."""
    memo = StripsMemo()
    return lambda state, width, height: strips_picture(state, width, height, None, memo)


def costs(view: View, states: Iterator[ViewState], size: tuple[float, float]) -> list[float]:
    """Milliseconds for each state but the first few, which only warm the caches."""
    listed = list(states)
    rounds = []
    for _ in range(ROUNDS):
        painter = Painter()
        found = []
        for state in listed:
            start = time.thread_time()
            painter.compose(view(state, *size))
            found.append(time.thread_time() - start)
        rounds.append(found[3:])
    return [1e3 * min(each) for each in zip(*rounds, strict=True)]


def milliseconds(view: View, states: Iterator[ViewState], size: tuple[float, float]) -> float:
    """Median over the states."""
    return statistics.median(costs(view, states, size))


def scrubbing(state: ViewState, zoom: float, moves: int = 240) -> Iterator[ViewState]:
    """The cursor dragged through the whole pass, there and back, the axis following it."""
    columns, timeline = state.trace.columns, state.timeline
    axis = state.axis.zoomed(zoom, state.axis.left) if zoom > 1.0 else state.axis
    for number in range(moves):
        share = number / (moves / 2) if number < moves / 2 else 2.0 - number / (moves / 2)
        column = min(int(share * columns), columns - 1)
        phase: Phase = "forward" if number < moves / 2 else "backward"
        cursor = cursor_at(timeline, timeline.last_of(timeline.index_of(phase, column)) + 1.0)
        axis = axis.showing(cursor.column)
        yield replace(state, cursor=cursor, axis=axis)


def scrub(state: ViewState) -> None:
    """Print what a move costs: all views, zoomed out and at single steps."""
    print("\nscrubbing end to end, milliseconds a move (median / 99 of 100), goal 10.0")
    for name, zoom in (("zoomed out", 1.0), ("columns", 60.0), ("boxes", 500.0)):
        per_view = [
            costs(view, scrubbing(state, zoom), size)
            for view, size in (
                (graph_picture, GRAPH), (strips_view(), STRIPS), (inspector_picture, INSPECTOR),
            )
        ]  # fmt: skip
        whole = sorted(map(sum, zip(*per_view, strict=True)))
        parts = " + ".join(f"{statistics.median(each):.2f}" for each in per_view)
        print(
            f"  {name:12} {statistics.median(whole):6.2f} / {whole[int(0.99 * len(whole))]:5.2f}"
            f"   (graph, strips, inspector: {parts})"
        )


def memory(trace: Trace) -> None:
    """Print what the views of a trace hold beside its arrays, and the most they held meanwhile."""
    arrays = sum(array.nbytes for array in trace.arrays.values())
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    state = state_of(trace, GRAPH[0])
    views = ((graph_picture, GRAPH), (strips_view(), STRIPS), (inspector_picture, INSPECTOR))
    kept = [(view, size, Painter()) for view, size in views]
    shown = []
    for zoom in (1.0, 60.0, 500.0):
        for each in scrubbing(state, zoom, 12):
            pictures = [(view(each, *size), painter) for view, size, painter in kept]
            shown[:] = [(picture, painter.compose(picture)) for picture, painter in pictures]
    held, most = (each - before for each in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    print(
        f"\nmemory: arrays {arrays / 1e6:.0f} MB; with all that the views hold "
        f"{1 + held / arrays:.2f} × that, at most {1 + most / arrays:.2f} × on the way, goal 1.30"
    )


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
    names = ("graph", "strips", "inspector", "step", "goal", "frame", "new trace", "pan+zoom")
    print(f"{'':28}" + "".join(f"{name:>10}" for name in names))
    state = None
    for name, (spec, steps, goal) in specs().items():
        trace = a_pass(spec, steps)
        state = state_of(trace, GRAPH[0])
        views = [
            milliseconds(graph_picture, steps_of(state), GRAPH),
            milliseconds(strips_view(), steps_of(state), STRIPS),
            milliseconds(inspector_picture, steps_of(state), INSPECTOR),
        ]
        pan = milliseconds(graph_picture, panning(state), GRAPH)
        pan += milliseconds(strips_view(), panning(state), STRIPS)
        frame = milliseconds(graph_picture, frames_of(state), GRAPH)
        new = milliseconds(graph_picture, training(trace, state), GRAPH)
        row = (*views, sum(views), goal, frame, new, pan)
        print(f"{name:28}" + "".join(f"{value:10.2f}" for value in row), flush=True)
    assert state is not None
    scrub(state)
    memory(a_pass(*specs()[name][:2], seed=1))
    app.quit()


if __name__ == "__main__":
    main()
