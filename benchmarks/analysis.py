"""What the gradient laboratory costs: medians, and ratios to the bare products it needs.

    python benchmarks/analysis.py [--json] [--quick]

One thread, float32, H = 128, V = 65. ``bare`` is the same matrix products (or decompositions)
alone, on the same shapes, in the same round: machines differ, the ratio is what stays.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np

from rnnviz.analysis import (
    Cancelled,
    contributions,
    memory,
    singular_values,
    step_jacobians,
    what_if,
)
from rnnviz.analysis.whatif import Edit
from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.trace import ModelSpec, Trace

H, V = 128, 65


@dataclass(frozen=True)
class Row:
    """Medians in milliseconds; ``goal`` None where the issue names none."""

    name: str
    ours_ms: float
    bare_ms: float
    goal_ms: float | None

    @property
    def ratio(self) -> float:
        return self.ours_ms / self.bare_ms


def random_trace(cell: str, steps: int) -> Trace:
    """An untrained network over random tokens: gradients vanish, which is the hard case."""
    rng = np.random.default_rng(0)
    spec = ModelSpec(input_size=V, hidden_size=H, output_size=V, cell=cell)  # type: ignore[arg-type]  # a Cell
    net = Network.create(spec, rng=rng, dtype=np.float32)
    tokens = rng.integers(0, V, (steps + 1, 1))
    return net.trace(Batch(tokens=tokens[:-1], targets=tokens[1:]))


def bare_products(steps: int, state: int) -> Callable[[], None]:
    """(k, S) × (S, H) for k = 1 … T: what itemising T losses cannot do without."""
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(steps, state)).astype(np.float32)
    matrix = rng.normal(size=(state, H)).astype(np.float32)
    out = np.empty((steps, H), np.float32)

    def run() -> None:
        for k in range(1, steps + 1):
            np.matmul(rows[:k], matrix, out=out[:k])

    return run


def bare_decompositions(steps: int, size: int) -> Callable[[], None]:
    matrices = np.random.default_rng(1).normal(size=(steps, size, size))

    def run() -> None:
        for matrix in matrices:
            np.linalg.svd(matrix, compute_uv=False)

    return run


def measure(
    name: str, ours: Callable[[], object], bare: Callable[[], None], goal: float | None, rounds: int
) -> Row:
    """Alternating rounds, so that both see the same neighbours."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, kept in zip((ours, bare), times, strict=True):
            start = time.perf_counter()
            work()
            kept.append(1e3 * (time.perf_counter() - start))
    return Row(name, statistics.median(times[0]), statistics.median(times[1]), goal)


def rows(quick: bool) -> list[Row]:
    found = []
    long = 300 if quick else 1000
    for cell, goals in (("rnn", (8.0, 300.0)), ("gru", (None, None)), ("lstm", (20.0, None))):
        state = 2 * H if cell == "lstm" else H
        for steps, goal in zip((100, long), goals, strict=True):
            trace = random_trace(cell, steps)
            bare = bare_products(steps, state)
            reps = 15 if steps == 100 else 3
            norms = partial(contributions, trace, shares=False)
            shared = partial(contributions, trace)
            shown = goal if steps in (100, 1000) else None
            found.append(measure(f"norms {cell} T={steps}", norms, bare, shown, reps))
            found.append(measure(f"norms+shares {cell} T={steps}", shared, bare, None, reps))
    rnn = random_trace("rnn", 100)
    jacobians = step_jacobians(rnn)
    spectra = partial(singular_values, jacobians)
    decompositions = bare_decompositions(100, H)
    found.append(measure("singular values rnn T=100", spectra, decompositions, 150.0, 3))
    remembered = partial(memory, rnn, dtype=np.float32)
    found.append(measure("memory rnn T=100", remembered, bare_products(100, H), None, 7))
    edit = [Edit(name="h_l0", step=50, index=(0,), value=0.5)]
    changed = partial(what_if, rnn, edit)
    found.append(measure("what-if rnn T=100", changed, bare_products(100, H), None, 5))
    return found


def longest(steps: int = 5000) -> str:
    """All losses at all states of a very long pass, and how soon it stops when asked to."""
    trace = random_trace("rnn", steps)
    reports = 0

    def count(done: int, total: int) -> bool:
        nonlocal reports
        reports += 1
        return True

    begun = time.perf_counter()
    found = contributions(trace, progress=count)
    took = time.perf_counter() - begun
    least = found.log10_norm[np.isfinite(found.log10_norm)].min()
    asked = 0.0

    def stop(done: int, total: int) -> bool:
        nonlocal asked
        asked = time.perf_counter()
        return done < 100

    try:
        contributions(trace, progress=stop)
    except Cancelled:
        stopped = time.perf_counter() - asked
    return (
        f"rnn T={steps}: {took:.1f} s with norms and shares, {reports} reports of progress, "
        f"smallest norm 1e{least:.0f}; cancelled, it ends after {1e3 * stopped:.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    parser.add_argument("--quick", action="store_true", help="T=300 instead of T=1000")
    parser.add_argument("--longest", action="store_true", help="T=5000 once, and a cancelled one")
    args = parser.parse_args()
    if args.longest:
        print(longest())
        return
    found = rows(args.quick)
    if args.json:
        print(json.dumps([asdict(row) | {"ratio": row.ratio} for row in found]))
        return
    print("| analysis | median, ms | bare products, ms | ratio | goal, ms |")
    print("|---|---:|---:|---:|---:|")
    for row in found:
        goal = "" if row.goal_ms is None else f"{row.goal_ms:g}"
        print(f"| {row.name} | {row.ours_ms:.1f} | {row.bare_ms:.1f} | {row.ratio:.2f} | {goal} |")


if __name__ == "__main__":
    main()
