"""``rnnviz evaluate``: the score of a run on held-out data."""

from __future__ import annotations

import argparse

from rnnviz.cli.options import add_config_arguments
from rnnviz.cli.report import Report
from rnnviz.cli.scores import score_of
from rnnviz.cli.sources import about_source
from rnnviz.cli.trace_sources import opened
from rnnviz.trace.many import many

EPILOG = """\
example:
  rnnviz evaluate run.rnnviz"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help=about_source())
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    model = opened(args.source, args)
    result, words = score_of(model)
    result |= {"task": model.task.name, "iteration": model.iteration}
    after = many(model.iteration, "iteration")
    return Report(result, (f"{model.task.name} after {after}: {words}",))
