"""Several engines on one workload, taking turns, so that the machine's moods hit all alike."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnviz.cli.bench import blas, floor, naive, ours, torch_reference
from rnnviz.cli.bench.workloads import Workload, chosen
from rnnviz.session.ration import SHOWING_SHARE

Turn = Callable[[], None]
clock = time.process_time
"""Processor time: one thread each, so that it is wall time on a quiet machine, and what other
programs take away from a busy one is not counted."""

SLICE_SECONDS = 0.03
"""About how long each engine runs before it is the next one's turn."""

_CALLS = 9

_PARTS = ("calls", "floor_calls", "update", "update_calls")
"""What the limit is made of beside the floor."""

PASS_SECONDS = 2 / 60
"""How often a window that draws as fast as it can takes a pass: its graph and its strips are drawn
in frames of their own, sixty frames a second."""


def run(
    workloads: list[str] | None = None,
    repeats: int = 15,
    progress: Callable[[str], None] | None = None,
) -> list[dict[str, Any]]:
    """Measure; one row for each workload (all of them if None).

    A row has ``name``, ``title`` and medians over ``repeats`` rounds: seconds for one
    iteration of ``ours``, ``ours_traced`` (every intermediate kept on the tape), ``ours_shown``
    (passes handed out as Traces as often as training does it: ``shown_per_second``, at most
    thirty), ``ours_handed`` (all of them),
    ``torch`` (the best of its optimiser variants, named in ``torch_variant``; None without
    PyTorch), ``floor``, ``calls`` (ours without arithmetic), ``floor_calls`` (the same of the
    floor), ``update`` and ``update_calls`` (the optimiser alone), ``limit`` (our calls and the
    arithmetic of floor and optimiser) and ``naive``, and the ratios
    ``torch_over_ours``, ``torch_over_limit``, ``naive_over_ours``, ``ours_over_floor``,
    ``trace_cost`` (0.08: 8 % slower), ``shown_cost`` and ``handed_cost``, each the median of the
    rounds' own ratios; and both goals.

    Raises:
        UserError: if there is no workload of a name.
    """
    blas.one_thread()
    rows = []
    for workload in chosen(workloads):
        if progress is not None:
            progress(workload.name)
        rows.append(_measure(workload, repeats))
    return rows


def _measure(workload: Workload, repeats: int) -> dict[str, Any]:
    plain = ours.iteration(workload)
    handed = ours.traced_iteration(workload, handed=True)
    # Before anything is given back: in memory that others had left it was up to an eighth slower.
    traced = ours.traced_iteration(workload)
    traced()
    shown = _as_often_as_in_training(workload, plain)
    turns: dict[str, Turn] = {
        "ours": plain,
        "ours_traced": traced,
        "ours_shown": shown,
        "ours_handed": handed,
        "floor": floor.iteration(workload),
        "calls": ours.iteration(workload.calls_alone),
        "floor_calls": floor.iteration(workload.calls_alone),
        "update": ours.update(workload),
        "update_calls": ours.update(workload.calls_alone),
        "naive": naive.iteration(workload),
    }
    turns |= {f"torch {name}": t for name, t in torch_reference.iterations(workload).items()}
    # As in training, where the loss tells of an overflow; it spares every call a look.
    with np.errstate(all="ignore"):
        seconds = _alternate(turns, {"ours_shown": shown.every}, repeats)
    variants = [name for name in seconds if name.startswith("torch ")]
    best = min(variants, key=lambda name: statistics.median(seconds[name]), default=None)
    reference = seconds[best] if best else None
    seconds["limit"] = _limit(seconds)
    return {
        "name": workload.name,
        "title": workload.title,
        **{
            name: statistics.median(seconds[name])
            for name in ("ours", "ours_traced", "ours_shown", "ours_handed")
        },
        "shown_per_second": 1.0 / (shown.every * statistics.median(seconds["ours_shown"])),
        "torch": statistics.median(reference) if reference else None,
        "torch_variant": best.removeprefix("torch ") if best else None,
        **{name: statistics.median(seconds[name]) for name in ("floor", *_PARTS)},
        **{name: statistics.median(seconds[name]) for name in ("limit", "naive")},
        "torch_over_ours": _ratio(reference, seconds["ours"]) if reference else None,
        "torch_over_limit": _ratio(reference, seconds["limit"]) if reference else None,
        "naive_over_ours": _ratio(seconds["naive"], seconds["ours"]),
        "ours_over_floor": _ratio(seconds["ours"], seconds["floor"]),
        "trace_cost": _ratio(seconds["ours_traced"], seconds["ours"]) - 1.0,
        "shown_cost": _ratio(seconds["ours_shown"], seconds["ours"]) - 1.0,
        "handed_cost": _ratio(seconds["ours_handed"], seconds["ours"]) - 1.0,
        "goal_torch_over_ours": workload.goal_torch,
        "goal_ours_over_floor": workload.goal_floor,
    }


def _limit(seconds: dict[str, list[float]]) -> list[float]:
    """Our calls, and what the floor's and the optimiser's arithmetic takes beside their own."""
    rounds = zip(*(seconds[name] for name in ("floor", *_PARTS)), strict=True)
    return [
        calls + (floor_ - floor_calls) + (update - update_calls)
        for floor_, calls, floor_calls, update, update_calls in rounds
    ]


def _ratio(above: list[float], below: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def _as_often_as_in_training(workload: Workload, plain: Turn) -> ours.ShownIteration:
    """Training that shows one pass in so many as `Showing` would: every other frame at most, and no
    more often than a share of the time allows.

    What it costs to show one is measured as it is there: when the last time has left the caches,
    and with the iteration after it, which finds them full of what was recorded.
    """
    plain()
    usual = statistics.median(_once(plain) for _ in range(_CALLS))
    every = max(3, math.ceil(PASS_SECONDS / usual))
    shown = ours.ShownIteration(workload, every)
    for _ in range(every - 1):
        shown()
    extra = []
    for _ in range(_CALLS):
        extra.append(_once(shown) + _once(shown) - 2.0 * _once(shown))
        for _ in range(every - 3):
            shown()
    shown.every = _every(usual, statistics.median(extra))
    return shown


def _every(plain: float, extra: float) -> int:
    """One pass in how many iterations training shows, see `Showing`; ``extra``: what that takes."""
    return max(1, math.ceil(max(PASS_SECONDS, extra / SHOWING_SHARE) / plain))


def _once(turn: Turn) -> float:
    """Seconds of a call."""
    started = clock()
    turn()
    return max(clock() - started, 1e-6)


def _alternate(
    turns: dict[str, Turn], periods: dict[str, int], repeats: int
) -> dict[str, list[float]]:
    """Seconds of one call of each, round by round; ``periods``: calls that belong together."""
    counts = {}
    for name, turn in turns.items():
        period = periods.get(name, 1)
        count = max(1, min(1000, int(SLICE_SECONDS / _once(turn))))
        counts[name] = -(-count // period) * period
    seconds: dict[str, list[float]] = {name: [] for name in turns}
    gc.collect()
    gc.disable()
    try:
        for _ in range(repeats):
            for name, turn in turns.items():
                count = counts[name]
                if count > 1:  # in training no other engine has filled the cache before
                    turn()
                started = clock()
                for _ in range(count):
                    turn()
                seconds[name].append((clock() - started) / count)
    finally:
        gc.enable()
    return seconds
