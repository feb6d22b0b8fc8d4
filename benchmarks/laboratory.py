"""How alive the window stays with the laboratory open while a model trains flat out.

    .venv/bin/python benchmarks/laboratory.py [--seconds 8] [--rounds 2] [--json]

The same model, window and heartbeat as `benchmarks/window.py`, in turns: with the inspector at
the side, with one figure of the laboratory there, and with that figure and *every* figure of the
laboratory on a large window beside it. Goal with all of it open: heartbeat p99 at most 16 ms late.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PySide6.QtCore import QSettings
from window import Watch, windowed

from rnnviz.app.frame_loop import SWITCH_SECONDS
from rnnviz.app.shell import Shell
from rnnviz.views.application import application

GOAL_MS = 16.0


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each stretch")
    parser.add_argument("--rounds", type=int, default=2)
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
    if options.json:
        print(json.dumps(rows))
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
