"""The measured rows as a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_COLUMNS = (
    "workload", "ours", "torch", "naive", "floor", "limit",
    "torch÷ours", "goal", "torch÷limit", "naive÷ours", "ours÷floor", "goal", "trace", "shown",
    "times a second",
)  # fmt: skip


def header(machine: Mapping[str, Any]) -> str:
    """One line on what the figures were measured with."""
    kernel = machine["kernel"] or "unknown kernel"
    threads = machine["threads"] or "?"
    return (
        f"{machine['processor']} · NumPy {machine['numpy']} · {machine['blas']} "
        f"({kernel}, {threads} thread{'' if threads == 1 else 's'}) · "
        "milliseconds an iteration, medians"
    )


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Markdown lines."""
    cells = [_COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(_COLUMNS))]
    lines = [
        "| "
        + " | ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(pairs))
        + " |"
        for pairs in (list(zip(row, widths, strict=True)) for row in cells)
    ]
    rule = (
        "|" + "|".join("-" * (w + 1) + ("-" if i == 0 else ":") for i, w in enumerate(widths)) + "|"
    )
    return [lines[0], rule, *lines[1:]]


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    def ms(name: str) -> str:
        if row[name] is None:
            return "–"
        milliseconds = 1e3 * row[name]
        return f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"

    def ratio(name: str) -> str:
        return "–" if row[name] is None else f"{row[name]:.2f}"

    return (
        row["title"], ms("ours"), ms("torch"), ms("naive"), ms("floor"), ms("limit"),
        ratio("torch_over_ours"), f"≥ {row['goal_torch_over_ours']:g}",
        ratio("torch_over_limit"), ratio("naive_over_ours"),
        ratio("ours_over_floor"), f"≤ {row['goal_ours_over_floor']:g}",
        f"{100 * row['trace_cost']:+.0f} %", f"{100 * row['shown_cost']:+.0f} %",
        f"{row['shown_per_second']:.2g}",
    )  # fmt: skip
