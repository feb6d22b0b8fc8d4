"""How alive the window stays, and what it costs, while a model trains flat out.

    .venv/bin/python benchmarks/window.py [--seconds 4] [--rounds 3] [--fps 60 30] [--json]

The lecture's character model (H=100, T=25, B=1, Adagrad, on Python's own texts) trains in the
worker thread with the graph, the strips, the inspector and the curve on screen (offscreen raster,
1600×1000). Measured on the GUI thread: how late a 5 ms heartbeat is and the interval between
frames; and the iterations per second as a share of the same run trained without a window, once
while the heartbeat beats and once without it: no program has it, and it takes a share of its own.
Headless and windowed stretches alternate, and medians over the rounds are printed, because the
speed of a shared machine changes by the minute.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# NumPy is imported before the program can limit its BLAS: two threads would fight for the cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

import rnnviz  # noqa: F401  (first: it settles the number of BLAS threads)
from rnnviz.app.frame_loop import SWITCH_SECONDS
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.session.config import ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.run import Run
from rnnviz.views.application import application

HEARTBEAT_MS = 5
WARM_UP_SECONDS = 1.0
"""Every stretch is measured from here on: a young run takes snapshots more often."""
CONFIG = RunConfig(
    task="text",
    model=ModelOptions(hidden_size=100),
    training=TrainingOptions(optimizer="adagrad", batch_size=1, window=25),
)


@dataclass
class Watch:
    """What one windowed stretch showed; times in milliseconds.

    `work` is processor time of the GUI thread from beat to beat: what it would be late by on a
    machine of its own, whoever else is running here.
    """

    late: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    paint: list[float] = field(default_factory=list)
    iterations_per_second: float = 0.0
    """Without the heartbeat."""
    beside_heartbeat: float = 0.0
    """Iterations per second while it beats."""


def headless(seconds: float) -> float:
    """Iterations per second of the same run in a bare loop."""
    run = Run.create(CONFIG)
    begun = perf_counter()
    while perf_counter() - begun < WARM_UP_SECONDS:
        run.step()
    done, begun = 0, perf_counter()
    while perf_counter() - begun < seconds:
        for _ in range(20):
            run.step()
        done += 20
    return done / (perf_counter() - begun)


def windowed(
    app: QApplication,
    seconds: float,
    fps: float,
    store: QSettings,
    furnish: Callable[[Shell], None] | None = None,
) -> Watch:
    """The same in the worker of a real window; `furnish` opens more in it beforehand."""
    watch = Watch()
    shell = Shell(app, Settings(store), frames_per_second=fps)
    shell.window.resize(1600, 1000)
    shell.window.show()
    shell.attach(Run.create(CONFIG))
    shell.start()
    assert shell.desk is not None
    if furnish is not None:
        furnish(shell)
    shell.desk.start()
    spin(WARM_UP_SECONDS)

    beat = QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    last_beat = perf_counter()
    last_work = thread_time()
    last_frame = perf_counter()

    def on_beat() -> None:
        nonlocal last_beat, last_work
        now, work = perf_counter(), thread_time()
        watch.work.append((work - last_work) * 1e3)
        last_work = work
        watch.late.append(max((now - last_beat) * 1e3 - HEARTBEAT_MS, 0.0))
        last_beat = now

    def on_frame(cost: float) -> None:
        nonlocal last_frame
        now = perf_counter()
        watch.frames.append((now - last_frame) * 1e3)
        watch.paint.append(cost * 1e3)
        last_frame = now
        shell.governor.spend(cost)

    beat.timeout.connect(on_beat)
    shell.window.painted = on_frame
    beat.start(HEARTBEAT_MS)
    watch.beside_heartbeat = speed(shell, seconds)
    beat.stop()
    watch.iterations_per_second = speed(shell, seconds)
    shell.window.close()
    app.processEvents()
    return watch


def speed(shell: Shell, seconds: float) -> float:
    """Iterations per second over that time."""
    assert shell.desk is not None
    before, begun = shell.desk.run.iteration, perf_counter()
    spin(seconds)
    return (shell.desk.run.iteration - before) / (perf_counter() - begun)


def spin(seconds: float) -> None:
    """Let Qt's own event loop run, as it does in the program."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(round(seconds * 1000))
    loop.exec()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each stretch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fps", type=float, nargs="+", default=[60.0, 30.0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    app = application()
    app.setQuitOnLastWindowClosed(False)
    sys.setswitchinterval(SWITCH_SECONDS)
    store = QSettings(tempfile.mktemp(suffix=".ini"), QSettings.Format.IniFormat)
    bare: list[float] = []
    seen: dict[float, list[Watch]] = {fps: [] for fps in options.fps}
    for _ in range(options.rounds):
        bare.append(headless(options.seconds / 2))
        for fps in options.fps:
            seen[fps].append(windowed(app, options.seconds, fps, store))
            bare.append(headless(options.seconds / 2))
    rows = [_row(fps, watches, bare) for fps, watches in seen.items()]
    if options.json:
        print(json.dumps(rows))
        return 0
    print(f"headless: {np.median(bare):,.0f} iterations/s (median of {len(bare)})")
    print(
        "fps  share of headless (beside the heartbeat)  frame p50/p99 ms  paint p50 ms"
        "  heartbeat late p50/p95/p99/max ms"
    )
    for row in rows:
        print(
            f"{row['fps']:>3.0f}  {row['share']:>17.0%} {row['share_beside_heartbeat']:>22.0%}"
            f"  {row['frame_p50']:>7.1f} /{row['frame_p99']:>6.1f}"
            f"  {row['paint_p50']:>12.2f}  {row['late_p50']:.1f} / {row['late_p95']:.1f}"
            f" / {row['late_p99']:.1f} / {row['late_max']:.1f}"
        )
    return 0


def _row(fps: float, watches: list[Watch], bare: list[float]) -> dict[str, float]:
    def middle(name: str, share: float) -> float:
        return float(np.median([np.percentile(getattr(w, name), share) for w in watches]))

    alone = float(np.median(bare))
    rate = float(np.median([w.iterations_per_second for w in watches]))
    beside = float(np.median([w.beside_heartbeat for w in watches]))
    return {
        "fps": fps,
        "share": rate / alone,
        "share_beside_heartbeat": beside / alone,
        "iterations_per_second": rate,
        "headless_iterations_per_second": alone,
        "frame_p50": middle("frames", 50),
        "frame_p99": middle("frames", 99),
        "paint_p50": middle("paint", 50),
        "late_p50": middle("late", 50),
        "late_p95": middle("late", 95),
        "late_p99": middle("late", 99),
        "late_max": middle("late", 100),
    }


if __name__ == "__main__":
    sys.exit(main())
