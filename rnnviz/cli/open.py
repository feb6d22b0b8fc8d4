"""``rnnviz [TASK | FILE]``: the window; without a display the same job, offscreen."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rnnviz.cli.interrupts import collected_interrupts
from rnnviz.cli.options import add_config_arguments, changes_from
from rnnviz.cli.report import Report
from rnnviz.cli.sources import ABOUT_SOURCE, is_weights, open_run, train_with_progress
from rnnviz.trace.errors import UserError

EPILOG = """\
examples:
  rnnviz                         watch a network learn "hello"
  rnnviz book.txt                learn your own text
  rnnviz run.rnnviz              open a saved run
  rnnviz trace.npz               look at a saved pass

Without a display the same job is done offscreen: a picture of the window and the trace are
left in the folder out/."""

OUT = Path("out")
HEADLESS_ITERATIONS = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE", help=f"{ABOUT_SOURCE}, weights or a trace (*.npz)"
    )
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    if not has_display():
        return without_display(args)
    from rnnviz.app.system_check import check_qt

    check_qt()
    from rnnviz.app.main import open_window

    source: str | None = args.source
    changes = changes_from(args)
    if changes or args.config:
        return Report({}, exit_code=open_window(open_run(source, args)))
    return Report({}, exit_code=open_window(source))


def has_display() -> bool:
    """Whether a window can be opened; only on Linux and the like is that a question."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def without_display(args: argparse.Namespace) -> Report:
    """Train, and leave a picture of the window and the trace in ``out/``."""
    from rnnviz.app.system_check import check_qt
    from rnnviz.cli.trace_sources import opened
    from rnnviz.trace.files import load_trace, save_trace

    try:
        OUT.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {str(OUT)!r}: {error.strerror}") from None
    source: str | None = args.source
    lines = ["no display: doing the same job offscreen"]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    check_qt()
    if source is not None and source.endswith(".npz"):
        trace, history, name = load_trace(source), None, Path(source).stem
    elif source is not None and is_weights(source):
        raise UserError(f"use rnnviz trace {source} with --text and --vocab, or --input")
    else:
        given = getattr(args, "training.iterations")
        model = opened(source, args)
        if given is None and model.iteration == 0:
            with collected_interrupts() as stop:
                train_with_progress(model, min(model.limit, HEADLESS_ITERATIONS), stop)
        trace, history, name = model.trace(), model.history, model.task.name
        run_file = OUT / f"{name}.rnnviz"
        model.save(run_file)
        lines.append(f"trained {name} for {model.iteration} iterations: {run_file}")
    picture, numbers = OUT / f"{name}.png", OUT / f"{name}.npz"
    from rnnviz.export.render import render

    save_trace(trace, numbers)
    render(trace, "window", picture, step=0, theme="light", size=(1600, 1000), history=history)
    lines += [f"the window: {picture}", f"the trace: {numbers}"]
    result = {"display": False, "picture": str(picture), "trace": str(numbers)}
    return Report(result, tuple(lines))
