"""How alive the window stays with the laboratory open while a model trains flat out.

    .venv/bin/python benchmarks/laboratory.py [--seconds 8] [--rounds 2] [--moves 200] [--json]

The same model, window and heartbeat as `benchmarks/window.py`, in turns: with the inspector at
the side, with one figure of the laboratory there, and with that figure and *every* figure of the
laboratory on a large window beside it. Goal with all of it open: heartbeat p99 at most 16 ms late.

Then a slider of "vanish and explode by hand" is moved again and again, at rest and while training
runs flat out: how long until the figure of that position is painted. Goal: one frame.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))

from time import perf_counter

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from window import CONFIG, Watch, spin, windowed

from rnnviz.app.frame_loop import SWITCH_SECONDS
from rnnviz.app.lab.figure_view import FigureView
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.scene.lab.hand import ByHand
from rnnviz.session.run import Run
from rnnviz.views.application import application

GOAL_MS = 16.0
FRAME_MS = 1000 / 60
REST_SECONDS = 0.03
"""From one position of the slider to the next, about as a hand moves it."""


def one_figure(shell: Shell) -> None:
    """The laboratory at the side of the window."""
    shell.window.show_lab()


def every_figure(shell: Shell) -> None:
    """Every figure there is, on a window high enough to show all of them."""
    shell.window.show_lab()
    shell.lab.open_large()
    large = shell.lab.large
    assert large is not None
    shown = {card.figure.id for card in large.cards}
    for figure in large.figures:
        if figure.id not in shown:
            large.add(figure.id)
    large.resize(1800, 3000)


SETTINGS = {"inspector": None, "one figure": one_figure, "every figure": every_figure}


def is_of(figure: ByHand | None, strength: float) -> bool:
    """Whether a figure shows W_hh of that strength."""
    return figure is not None and math.isclose(figure.made.sigma, strength)


class Slider:
    """Moves the strength of W_hh on a window of its own; times are milliseconds.

    `painted` is from the slider's new position to the end of painting its figure, `computed` of it
    what the figure's numbers took.
    """

    def __init__(self, app: QApplication, store: QSettings) -> None:
        self.painted: list[float] = []
        self.computed: list[float] = []
        self.shell = shell = Shell(app, Settings(store))
        shell.window.resize(1600, 1000)
        shell.window.show()
        shell.attach(Run.create(CONFIG))
        shell.start()
        shell.window.show_lab()
        self.card = shell.lab.panel.card
        self.card.choose("by-hand")
        spin(1.0)

    def move(self, times: int) -> None:
        """To so many positions, waiting for the figure of each."""
        field = self.card.controls.field("strength")
        begun = 0.0
        last_paint = FigureView.paintEvent

        def paint(view: FigureView, event: QPaintEvent) -> None:
            last_paint(view, event)
            done = self.card.result
            if begun and view is self.card.view and is_of(done, field.value()):
                self.painted.append((perf_counter() - begun) * 1e3)
                self.computed.append(self.card.seconds * 1e3)
                waiting.quit()

        FigureView.paintEvent = paint  # type: ignore[method-assign]  # to see when it is painted
        try:
            for number in range(times):
                spin(REST_SECONDS)
                waiting = QEventLoop()
                begun = perf_counter()
                field.slider.setValue(100 + number * 37 % 250)
                waiting.exec()
                begun = 0.0
        finally:
            FigureView.paintEvent = last_paint  # type: ignore[method-assign]  # as it was


def sliders(app: QApplication, store: QSettings, moves: int) -> dict[str, Slider]:
    """At rest and flat out."""
    at_rest, flat_out = Slider(app, store), None
    at_rest.move(moves)
    at_rest.shell.window.close()
    flat_out = Slider(app, store)
    assert flat_out.shell.desk is not None
    flat_out.shell.desk.start()
    spin(0.5)
    flat_out.move(moves)
    flat_out.shell.window.close()
    app.processEvents()
    return {"at rest": at_rest, "flat out": flat_out}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each stretch")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--moves", type=int, default=200, help="positions of the slider")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    app = application()
    app.setQuitOnLastWindowClosed(False)
    sys.setswitchinterval(SWITCH_SECONDS)
    store = QSettings(tempfile.mktemp(suffix=".ini"), QSettings.Format.IniFormat)
    seen: dict[str, list[Watch]] = {name: [] for name in SETTINGS}
    for _ in range(options.rounds):
        for name, furnish in SETTINGS.items():
            seen[name].append(windowed(app, options.seconds, 60.0, store, furnish))
    rows = {name: _row(watches) for name, watches in seen.items()}
    moved = {
        name: {
            f"{kind}_p{share}": float(np.percentile(getattr(slider, kind), share))
            for kind in ("painted", "computed")
            for share in (50, 99)
        }
        for name, slider in (sliders(app, store, options.moves) if options.moves else {}).items()
    }
    if options.json:
        print(json.dumps({"open": rows, "slider": moved}))
        return 0
    print(
        "| open | iterations/s | heartbeat late p50 / p95 / p99 / max, ms | goal (p99) "
        "| GUI thread's own work between beats p99 / max, ms |"
    )
    print("|---|---:|---:|---:|---:|")
    for name, row in rows.items():
        late = " / ".join(f"{row[f'late_p{share}']:.1f}" for share in (50, 95, 99, 100))
        goal = f"{GOAL_MS:g}" if name == "every figure" else ""
        work = f"{row['work_p99']:.1f} / {row['work_p100']:.1f}"
        print(f"| {name} | {row['iterations_per_second']:,.0f} | {late} | {goal} | {work} |")
    print("\n| slider to painted figure | p50 / p99, ms | goal (p99) | computing p50 / p99, ms |")
    print("|---|---:|---:|---:|")
    for name, row in moved.items():
        painted = f"{row['painted_p50']:.1f} / {row['painted_p99']:.1f}"
        computed = f"{row['computed_p50']:.1f} / {row['computed_p99']:.1f}"
        print(f"| {name} | {painted} | {FRAME_MS:.1f} | {computed} |")
    return 0


def _row(watches: list[Watch]) -> dict[str, float]:
    row = {"iterations_per_second": float(np.median([w.iterations_per_second for w in watches]))}
    for share in (50, 95, 99, 100):
        for kind in ("late", "work"):
            found = [np.percentile(getattr(watch, kind), share) for watch in watches]
            row[f"{kind}_p{share}"] = float(np.median(found))
    return row


if __name__ == "__main__":
    sys.exit(main())
