"""``rnnviz bench``: the engine beside PyTorch, a plain NumPy loop, and the floor."""

from __future__ import annotations

import argparse
import sys

from rnnviz.cli.parser import Parser
from rnnviz.cli.report import Report
from rnnviz.trace.whole import whole

EPILOG = """\
examples:
  rnnviz bench                          every workload, one run
  rnnviz bench --workload lstm --json   one of them, for a script

One thread each. PyTorch is measured if it is installed (pip install torch)."""


def add_arguments(parser: Parser) -> None:
    """``--workload`` (may be repeated) and ``--repeats``."""
    parser.add_argument(
        "--workload", action="append", metavar="NAME", help="measure this one; may be repeated"
    )
    parser.add_argument(
        "--repeats", type=int, default=15, metavar="N", help="rounds to take medians of (15)"
    )


def run(args: argparse.Namespace) -> Report:
    """Measure and report.

    Raises:
        UserError: if there is no such workload.
    """
    from rnnviz.cli.bench import blas, measure, table

    whole("--repeats", args.repeats, 1, 10_000)

    def progress(name: str) -> None:
        print(f"measuring {name} …", file=sys.stderr)

    rows = measure.run(args.workload, args.repeats, progress)
    machine = blas.describe()
    lines = (table.header(machine), "", *table.table(rows))
    return Report({"machine": machine, "workloads": rows}, lines)
