"""``rnnviz render``: draw a view as a picture, no display needed."""

from __future__ import annotations

import argparse
import re
from typing import Any

from rnnviz.cli.offscreen import quiet_window, use_offscreen
from rnnviz.cli.options import add_config_arguments, one_of
from rnnviz.cli.outputs import check_writable
from rnnviz.cli.report import Report
from rnnviz.cli.sources import ABOUT_SOURCE
from rnnviz.cli.trace_sources import add_trace_arguments, is_chosen, make_trace
from rnnviz.trace.errors import UserError

EPILOG = """\
examples:
  rnnviz render hello --view window -o picture.png
  rnnviz render run.rnnviz --view graph --step 3 --theme dark --size 1600x600 -o graph.svg
  rnnviz render trace.npz --view gradients -o gradients.pdf"""

PICTURES = (".png", ".svg", ".pdf")
LARGEST = 16384


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE", help=f"{ABOUT_SOURCE}, weights or a trace (*.npz)"
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True, help="write the picture here (png, svg, pdf)"
    )
    parser.add_argument("--view", default="window", metavar="VIEW", help="what to draw (window)")
    parser.add_argument(
        "--step", type=int, metavar="T", help="the step to stand at, from 1 (the whole pass)"
    )
    parser.add_argument(
        "--theme", type=one_of("light", "dark"), default="light", metavar="{light,dark}",
        help="colours (light)",
    )  # fmt: skip
    parser.add_argument("--size", default="1600x1000", metavar="WxH", help="in pixels (1600x1000)")
    parser.add_argument(
        "--scale", type=float, default=1.0, metavar="X", help="pixels of a PNG per pixel (1)"
    )
    add_trace_arguments(parser)
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    path = check_writable(args.out, PICTURES)
    size = picture_size(args.size)
    if not 0.25 <= args.scale <= 8:
        raise UserError(f"--scale is {args.scale}; use a number from 0.25 to 8")
    use_offscreen()
    from rnnviz.app.system_check import check_qt

    check_qt()
    from rnnviz.export.render import VIEWS, render
    from rnnviz.session.config_file import nearest

    views = ("window", *VIEWS)
    if args.view not in views:
        hint = nearest(args.view, list(views))
        raise UserError(f"--view is {args.view!r}; use one of {', '.join(views)}{hint}")
    if args.view == "window" and path.suffix.lower() != ".png":
        raise UserError(f"the window is drawn as .png only, not as {path.suffix}: choose a view")
    trace, model = make_trace(args)
    if args.step is not None and not 1 <= args.step <= trace.columns:
        raise UserError(f"--step is {args.step}; this pass has the steps 1 to {trace.columns}")
    look: dict[str, Any] = {
        "step": args.step, "theme": args.theme, "size": size, "scale": args.scale,
    }  # fmt: skip
    if args.view == "window":
        from rnnviz.app.render_window import render_window

        with quiet_window():
            render_window(trace if model is None or is_chosen(args) else model, path, **look)
    else:
        history = None if model is None else model.history
        render(trace, args.view, path, history=history, **look)
    result = {
        "out": str(args.out),
        "view": args.view,
        "step": args.step,
        "theme": args.theme,
        "size": list(size),
        "bytes": path.stat().st_size,
    }
    return Report(result, (f"wrote {args.out}: {args.view}, {size[0]} × {size[1]} pixels",))


def picture_size(text: str) -> tuple[int, int]:
    """``1600x1000`` as two numbers.

    Raises:
        UserError: if it is written otherwise or out of range.
    """
    match = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text.strip().lower())
    if match is None:
        raise UserError(f"--size is {text!r}; write it as WIDTHxHEIGHT, for example 1600x1000")
    width, height = int(match[1]), int(match[2])
    if not (64 <= width <= LARGEST and 64 <= height <= LARGEST):
        raise UserError(f"--size is {text}; use 64 to {LARGEST} pixels each way")
    return width, height
