"""``rnnviz [TASK | FILE]``: the window; without a display the same job, offscreen."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rnnviz.cli.report import Report

if TYPE_CHECKING:
    from rnnviz.app.opening import Subject

EPILOG = """\
examples:
  rnnviz                         watch a network learn "hello"
  rnnviz --paused                the same, but wait until T is pressed
  rnnviz book.txt                learn your own text
  rnnviz run.rnnviz              open a saved run
  rnnviz trace.npz               look at a saved pass

Without a display the same job is done offscreen: a picture of the window, the trace and the
run are left in the folder out/."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from rnnviz.cli.options import add_config_arguments
    from rnnviz.cli.sources import about_source

    parser.add_argument("source", nargs="?", metavar="SOURCE", help=about_source(trace=True))
    parser.add_argument(
        "--paused",
        action="store_true",
        help="begin to learn only when T is pressed (Train > Start paused: always)",
    )
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    if not can_show():
        from rnnviz.cli.without_display import without_display

        return without_display(args)
    from rnnviz.cli.options import changes_from
    from rnnviz.cli.sources import open_run

    source: str | None = args.source
    if changes_from(args) or args.config is not None:
        model = open_run(source, args)
        return Report({}, exit_code=_window(args.paused)(model))
    return open_plainly(source, paused=args.paused)


def open_plainly(source: str | None, *, paused: bool = False) -> Report:
    """The window on a source with no model to choose: nothing is imported that can wait.

    Raises:
        UserError: if there is no such file or task.
    """
    from rnnviz.app.subject_check import check_subject

    check_subject(source)
    return Report({}, exit_code=_window(paused)(source))


def _window(paused: bool) -> Callable[[Subject], int]:
    from rnnviz.app.system_check import check_qt

    check_qt()
    from rnnviz.app.main import open_window

    return partial(open_window, paused=paused)


def can_show() -> bool:
    """Whether a window can be opened, on a display or where the user wants it."""
    from rnnviz.app.system_check import has_display

    return bool(os.environ.get("QT_QPA_PLATFORM")) or has_display()
