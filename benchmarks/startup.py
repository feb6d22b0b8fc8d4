"""How soon the window shows, and how soon a pass is painted in it.

    .venv/bin/python benchmarks/startup.py [--rounds 9] [--json]

Each round starts fresh processes in turn, offscreen: a bare interpreter, one that only imports
Qt's widgets, one that imports NumPy as well, and the program on its main job ("hello"). Times run
from just before the process is started. Medians are printed, and the program's beside what the
interpreter, Qt and NumPy take alone: no program that uses them can be quicker. A first round,
not counted, warms the disk and writes the byte code.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

PROGRAM = """
import sys, time
from PySide6.QtCore import QTimer
from rnnviz.app import main, window
begun = float(sys.argv[1])
show = window.MainWindow.showEvent
def shown(self, event):
    show(self, event)
    print("visible", time.time() - begun, flush=True)
window.MainWindow.showEvent = shown
def ready(shell):
    note = shell.window.painted
    def painted(cost):
        note(cost)
        graph = shell.window.stage.graph
        if shell.model.state is not None and graph.paint_seconds > 0:
            shell.window.painted = note
            print("painted", time.time() - begun, flush=True)
            shell.window.close()
    shell.window.painted = painted
raise SystemExit(main.open_window("hello", on_ready=ready))
"""
BARE = {
    "interpreter": "pass",
    "Qt": "import PySide6.QtWidgets",
    "Qt and NumPy": "import PySide6.QtWidgets, numpy",
}


def run_once(code: str, environment: dict[str, str]) -> dict[str, float]:
    """Seconds by name: when the process ended, and what it printed on the way."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, str(begun)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        timeout=120,
    )
    times = {"ended": time.time() - begun}
    for line in done.stdout.splitlines():
        name, _, value = line.partition(" ")
        times[name] = float(value)
    return times


def measure(rounds: int) -> dict[str, float]:
    """Median seconds by name."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="rnnviz-") as folder:
        environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_CONFIG_HOME=folder)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            times = {name: run_once(code, environment)["ended"] for name, code in BARE.items()}
            program = run_once(PROGRAM, environment)
            times |= {name: program[name] for name in ("visible", "painted")}
            if number:
                for name, value in times.items():
                    found.setdefault(name, []).append(value)
    return {name: median(values) for name, values in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true", help="one JSON object at the end")
    args = parser.parse_args()
    found = measure(args.rounds)
    for name, seconds in found.items():
        print(f"{name:>14} {seconds * 1000:7.0f} ms")
    print(f"visible / Qt imported alone            {found['visible'] / found['Qt']:.2f}")
    print(f"painted / Qt and NumPy imported alone  {found['painted'] / found['Qt and NumPy']:.2f}")
    if args.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
