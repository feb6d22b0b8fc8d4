"""``rnnviz tasks``: what can be learned, where the data come from, under which licence."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from rnnviz.cli.report import Report
from rnnviz.trace.errors import UserError

EPILOG = """\
example:
  rnnviz tasks --json"""

_WIDTH = 96
_INDENT = " " * 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", action="store_true", help="build the data and count them too")


def run(args: argparse.Namespace) -> Report:
    from rnnviz.tasks import ENTRIES, get_task

    tasks = []
    lines: list[str] = []
    for entry in ENTRIES:
        info = entry.info
        described: dict[str, Any] = {
            "name": info.name,
            "title": info.title,
            "kind": info.kind,
            "source": info.source,
            "licence": info.licence,
            "metric": info.metric,
            "target": info.target,
            "installed": not entry.missing,
            "missing": list(entry.missing),
        }
        sizes = ""
        if (args.sizes or args.json) and not entry.missing:
            try:
                described["sizes"] = dict(get_task(info.name).sizes)
                sizes = ", ".join(f"{n} {what}" for what, n in described["sizes"].items())
            except UserError as error:
                described["problem"] = str(error)
        tasks.append(described)
        missing = f"not installed: pip install 'rnnviz[{info.extra}]'" if entry.missing else ""
        lines.append(f"{info.name:<18}{info.kind:<14}{info.title}")
        for text in (f"{info.source}; {info.licence}", sizes, missing):
            lines += textwrap.wrap(
                text, _WIDTH, initial_indent=" " * 32, subsequent_indent=" " * 32
            )
    return Report({"tasks": tasks}, tuple(lines))
