"""``rnnviz render``: draw a view as a picture or a played pass, no display needed."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnviz.cli.framing_options import add_framing_arguments, framing_from
from rnnviz.cli.interrupts import collected_interrupts, interrupted_after
from rnnviz.cli.offscreen import offscreen
from rnnviz.cli.options import add_config_arguments, one_of
from rnnviz.cli.outputs import check_writable, size_words
from rnnviz.cli.progress import Progress
from rnnviz.cli.report import Report
from rnnviz.cli.sources import about_source
from rnnviz.cli.trace_sources import add_trace_arguments, is_chosen, make_trace
from rnnviz.export.view_names import FILM_VIEWS, UNROLLING, VIEWS, WINDOW
from rnnviz.trace.errors import UserError
from rnnviz.trace.suggestion import did_you_mean

if TYPE_CHECKING:
    from rnnviz.export.animation import Film
    from rnnviz.session import Run
    from rnnviz.trace import Trace

EPILOG = """\
examples:
  rnnviz render hello --view window -o picture.png
  rnnviz render run.rnnviz --view graph --step 3 --size 1600x600 -o graph.svg
  rnnviz render trace.npz --view gradients -o gradients.pdf
  rnnviz render hello --view graph --size 1000x440 -o pass.gif   (played)
  rnnviz render hello --view unrolling --size 1000x440 -o unroll.mp4"""

PICTURES = (".png", ".svg", ".pdf")
FILMS = (".gif", ".webp", ".mp4")
LARGEST = 16384
FULL_SIZE, FILM_PANEL = (1600, 1000), (380, 720)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE", help=about_source(weights=True, trace=True)
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        required=True,
        help="write the picture (png, svg, pdf) or the played pass (gif, webp, mp4) here",
    )
    parser.add_argument(
        "--view",
        metavar="VIEW",
        help=f"what to draw: {WINDOW}, {', '.join(VIEWS)}; only moving: {UNROLLING} "
        f"({WINDOW}; of a played pass: graph)",
    )
    parser.add_argument(
        "--step", type=int, metavar="T", help="the step to stand at, from 1 (the whole pass)"
    )
    parser.add_argument(
        "--theme", type=one_of("light", "dark"), default="light", metavar="{light,dark}",
        help="colours (light)",
    )  # fmt: skip
    parser.add_argument(
        "--product", metavar="NAME", default="",
        help="of --view product: the matrix, such as hh, xf or hy (the first)",
    )  # fmt: skip
    parser.add_argument(
        "--size", metavar="WxH", help="in pixels (1600x1000; strips and inspector: what they need)"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, metavar="X",
        help="pixels of a PNG or a film for each of --size (1)",
    )  # fmt: skip
    add_framing_arguments(parser)
    film = parser.add_argument_group("a played pass (gif, webp, mp4)")
    film.add_argument(
        "--speed", type=float, metavar="X",
        help="operations per second (4; a long pass within 15 seconds)",
    )  # fmt: skip
    film.add_argument("--fps", type=int, metavar="N", help="frames per second, 1 to 60 (20)")
    add_trace_arguments(parser)
    add_config_arguments(parser)


@offscreen()
def run(args: argparse.Namespace) -> Report:
    path = check_writable(args.out, PICTURES + FILMS)
    is_film = path.suffix.lower() in FILMS
    if args.view is None:
        args.view = "graph" if is_film else "window"
    size = picture_size(args.size) if args.size is not None else None
    if not 0.25 <= args.scale <= 8:
        raise UserError(f"--scale is {args.scale}; use a number from 0.25 to 8")
    from rnnviz.app.system_check import check_qt

    check_qt()
    from rnnviz.export.animation import check_film
    from rnnviz.export.render import render

    if args.view == WINDOW and (args.row or args.strips or args.select):
        raise UserError("--row, --strips and --select are for single views: choose one with --view")
    if args.product and args.view != "product":
        raise UserError("--product is for --view product")
    if is_film and args.view == WINDOW:
        raise UserError(f"{path.suffix} plays a single view: choose one with --view, e.g. graph")
    views = FILM_VIEWS if is_film else (WINDOW, *VIEWS)
    if args.view not in views:
        hint, moving = did_you_mean(args.view, views), "moving " if is_film else ""
        known = ", ".join(views)
        raise UserError(f"there is no {moving}view {args.view!r}; use one of {known}{hint}")
    if is_film and args.step is not None:
        raise UserError(f"{path.suffix} plays the whole pass: leave out --step")
    if not is_film and (args.speed is not None or args.fps is not None):
        raise UserError("--speed and --fps are for a played pass: write a .gif, .webp or .mp4")

    def rehearse(trace: Trace, _: Run) -> None:
        if is_film:
            check_film(_film_of(args, trace, size), path)
        else:
            _check_picture(args, trace, size, path)

    trace, model = make_trace(args, rehearse)
    if is_film:
        return _film(args, _film_of(args, trace, size), path)
    _check_step(args, trace)
    look: dict[str, Any] = {
        "step": args.step, "theme": args.theme, "scale": args.scale,
    }  # fmt: skip
    left_out: tuple[str, ...] = ()
    if args.view == WINDOW:
        from rnnviz.app.render_window import render_window

        size = size or FULL_SIZE
        subject = trace if model is None or is_chosen(args) else model
        del trace  # of a run the window records a pass of its own: two would be in memory
        with interrupted_after():
            size = render_window(subject, path, size=size, **look)
    else:
        history = None if model is None else model.history
        with interrupted_after():
            picture = render(
                trace, args.view, path, history=history, product=args.product, size=size,
                row=args.row, framing=framing_from(args, trace), **look,
            )  # fmt: skip
        size = round(picture.width), round(picture.height)
        left_out = picture.left_out
    result = {
        "out": str(args.out),
        "view": args.view,
        "step": args.step,
        "theme": args.theme,
        "size": list(size),
        "bytes": path.stat().st_size,
    }
    line = f"wrote {args.out}: {args.view}, {size_words(size, args.scale, path)}"
    return _report(result, line, left_out)


def _report(result: dict[str, Any], line: str, left_out: tuple[str, ...]) -> Report:
    """What was written, and what had no room in it."""
    if not left_out:
        return Report(result, (line,))
    from rnnviz.scene.strips_left_out import left_out_forms

    told = left_out_forms(left_out)[0]
    hint = f"{told}: use a larger --size, or choose with --strips"
    return Report({**result, "left_out": list(left_out)}, (line, hint))


def _check_picture(
    args: argparse.Namespace, trace: Trace, size: tuple[int, int] | None, path: Path
) -> None:
    """Whether this pass can be drawn as asked.

    Raises:
        UserError: if not.
    """
    from rnnviz.export.drawing import check_size
    from rnnviz.export.pictures import view_picture

    _check_step(args, trace)
    width, height = map(float, size or FULL_SIZE)
    if args.view != WINDOW:
        picture = view_picture(
            args.view, trace, size, step=args.step, theme_name=args.theme, product=args.product,
            row=args.row, framing=framing_from(args, trace),
        )  # fmt: skip
        width, height = picture.width, picture.height
    check_size(width, height, path, args.scale)


def _check_step(args: argparse.Namespace, trace: Trace) -> None:
    if args.step is not None and not 1 <= args.step <= trace.columns:
        raise UserError(f"--step is {args.step}; this pass has the steps 1 to {trace.columns}")


def _film_of(args: argparse.Namespace, trace: Trace, size: tuple[int, int] | None) -> Film:
    from rnnviz.export.animation import Film

    return Film(
        trace=trace, view=args.view, theme=args.theme, size=size or film_size(args.view),
        scale=args.scale, speed=args.speed, row=args.row, product=args.product,
        frames_per_second=20 if args.fps is None else args.fps, framing=framing_from(args, trace),
    )  # fmt: skip


def _film(args: argparse.Namespace, film: Film, path: Path) -> Report:
    """The pass, played into a file; Ctrl-C leaves no file, and an old one as it was."""
    from rnnviz.export.animation import animate

    bar: list[Progress] = []
    with collected_interrupts() as stop:

        def go_on(done: int, total: int) -> bool:
            bar[:] = bar or [Progress(total, "frames")]
            bar[0].show(done)
            return not stop

        try:
            finished = animate(film, path, go_on)
        finally:
            for each in bar:
                each.close()
    if not finished:
        raise KeyboardInterrupt
    result = {
        "out": str(args.out), "view": args.view, "theme": args.theme, "size": list(film.size),
        "frames": film.frames, "bytes": path.stat().st_size,
    }  # fmt: skip
    line = f"wrote {args.out}: {args.view}, {film.frames} frames"
    return _report(result, line, film.left_out)


def film_size(view: str) -> tuple[int, int]:
    """Where none is asked for: a panel is narrow."""
    return FILM_PANEL if view == "inspector" else FULL_SIZE


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
