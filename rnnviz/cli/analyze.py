"""``rnnviz analyze``: the figures of the gradient laboratory, as plain numbers or as pictures."""

from __future__ import annotations

import argparse
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from rnnviz.analysis import ANALYSES, OPTIONS, Cancelled, analyze, write_arrays
from rnnviz.analysis.matches import NothingSelected
from rnnviz.analysis.surplus import SurplusOptions
from rnnviz.app.lab import own_figures
from rnnviz.app.lab.figure_numbers import figure_arrays
from rnnviz.cli.analysis_figure import PNG_SCALE, check_look, draw_figure, figure
from rnnviz.cli.compared_edits import compared_lines, compared_values
from rnnviz.cli.edit_argument import FORM, compared_argument, edit_argument
from rnnviz.cli.interrupts import collected_interrupts
from rnnviz.cli.options import add_config_arguments, one_of
from rnnviz.cli.outputs import check_writable, size_words
from rnnviz.cli.report import Report
from rnnviz.cli.sources import about_source
from rnnviz.cli.trace_sources import add_trace_arguments, chosen_pass, make_trace
from rnnviz.trace.errors import UserError
from rnnviz.trace.spec import Activation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.analysis.progress import Progress
    from rnnviz.session import Run
    from rnnviz.trace import Trace

EPILOG = """\
examples:
  rnnviz analyze hello --what contributions -o who.npz
  rnnviz analyze run.rnnviz --what jacobians --layer l1 -o jacobians.npz
  rnnviz analyze run.rnnviz --text "hello" --what memory -o memory.csv
  rnnviz analyze run.rnnviz --what matches --start 10 --stop 14 -o places.csv
  rnnviz analyze run.rnnviz --what what-if --edit "h_l0[5]=off" -o off.svg
  rnnviz analyze run.rnnviz --what what-if \\
    --compare "5: h_l0[5]=off" --compare "6: h_l0[6]=off" -o both.csv
  rnnviz analyze hello --iterations 300 --what history -o history.png
  rnnviz analyze run.rnnviz --what jacobians --width 900 -o jacobians.svg

docs/analysis.md gives the formula and the arrays of every analysis. A .csv holds one number
a row: array, index of the number in it (from 0), value. A .png, .svg or .pdf is the
laboratory's figure."""

NUMBERS = (".npz", ".csv")
PICTURES = (".png", ".svg", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE",
        help=about_source(weights=True, trace=True),
    )  # fmt: skip
    parser.add_argument(
        "--what", required=True, type=one_of(*ANALYSES, *own_figures.OPTIONS), metavar="WHAT",
        help=", ".join((*ANALYSES, *own_figures.OPTIONS)),
    )  # fmt: skip
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True,
        help="write the numbers (npz, csv) or the figure (png, svg, pdf) here",
    )  # fmt: skip
    group = parser.add_argument_group("of what (left out: as the analysis suggests)")
    group.add_argument("--layer", dest="of.layer", metavar="NAME", help="l0, l1_reverse, … (top)")
    group.add_argument(
        "--row", dest="of.row", type=int, metavar="B", help="sequence of the batch, from 0 (0)"
    )
    group.add_argument(
        "--origin", dest="of.origin", type=int, metavar="S",
        help="jacobians: products from h_S on, in processing order (0: the initial state)",
    )  # fmt: skip
    group.add_argument(
        "--part", dest="of.part", type=one_of("h", "c"), metavar="{h,c}",
        help="contributions, activity: of the hidden or the cell state (h)",
    )  # fmt: skip
    group.add_argument(
        "--state", dest="of.state", type=one_of("h", "c"), metavar="{h,c}",
        help="trajectory, matches: of the hidden or the cell state (h)",
    )  # fmt: skip
    group.add_argument(
        "--components", dest="of.components", type=int, metavar="N", help="trajectory: axes (2)"
    )
    group.add_argument(
        "--classes", dest="of.classes", type=one_of("target", "predicted"),
        metavar="{target,predicted}", help="memory: which output is followed (target)",
    )  # fmt: skip
    for name, meaning in (
        ("start", "first step of the range, from 0"),
        ("stop", "step after the last of the range, from 0"),
        ("before", "steps before the range in which the units are off (0)"),
        ("after", "steps after the range in which the units are off (0)"),
    ):
        group.add_argument(
            f"--{name}", dest=f"of.{name}", type=int, metavar="T", help=f"matches: {meaning}"
        )
    group.add_argument(
        "--threshold", dest="of.threshold", type=float, metavar="X",
        help="matches: a unit is on from here (0.3)",
    )  # fmt: skip
    group.add_argument(
        "--side", dest="of.side", type=one_of("positive", "negative"),
        metavar="{positive,negative}", help="matches: at or above +X, or at or below -X (positive)",
    )  # fmt: skip
    group.add_argument(
        "--unit", dest="of.unit", type=int, metavar="N",
        help="activity, figure of response: the unit, from 1 (1)",
    )  # fmt: skip
    group.add_argument(
        "--edit", dest="of.edits", action="append", type=edit_argument, metavar="EDIT",
        help=f"what-if: {FORM}, counted from 1; also =off, =LOW..HIGH, +=, *=; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--compare", dest="of.compare", action="append", type=compared_argument, metavar="SET",
        help="what-if: another set of edits on the same pass, NAME: EDIT; EDIT; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--sigma", dest="of.sigma", type=float, metavar="X",
        help="by-hand: the largest singular value of W_hh",
    )  # fmt: skip
    group.add_argument(
        "--radius", dest="of.radius", type=float, metavar="X",
        help="by-hand: the spectral radius of W_hh",
    )  # fmt: skip
    group.add_argument(
        "--becomes", dest="of.becomes", type=one_of(*get_args(Activation)),
        metavar="{" + ",".join(get_args(Activation)) + "}", help="by-hand: the activation",
    )  # fmt: skip
    group.add_argument(
        "--clip", dest="of.clip", type=float, metavar="X", help="by-hand: clip the gradient's norm"
    )
    group.add_argument(
        "--steps", dest="of.steps", type=int, metavar="T",
        help="by-hand: steps of the sequence (as in the pass); cells: BPTT window (as in the run)",
    )  # fmt: skip
    group.add_argument(
        "--loss", dest="of.loss", type=one_of("last", "all"), metavar="{last,all}",
        help="by-hand, cells: the gradient of the last loss alone or of all (last)",
    )  # fmt: skip
    group.add_argument(
        "--each", dest="of.each", type=int, metavar="N",
        help="cells: iterations that each is trained for (0)",
    )  # fmt: skip
    group.add_argument(
        "--every", dest="of.every", type=int, metavar="N",
        help="history: iterations from one pass to the next (60 passes in all)",
    )  # fmt: skip
    figure = parser.add_argument_group("the figure (png, svg, pdf)")
    figure.add_argument(
        "--theme", type=one_of("light", "dark"), metavar="{light,dark}", help="colours (light)"
    )
    figure.add_argument("--width", type=int, metavar="N", help="pixels; the height follows (640)")
    figure.add_argument(
        "--scale", type=float, metavar="X", help="pixels of a PNG for each of --width (2)"
    )
    add_trace_arguments(parser)
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    try:
        return _run(args)
    except SurplusOptions as error:
        raise UserError(error.said(_flag)) from None


def _flag(option: str) -> str:
    """What an option of an analysis is called on the command line."""
    return "--edit" if option == "edits" else f"--{option}"


def _run(args: argparse.Namespace) -> Report:
    path = check_writable(args.out, NUMBERS + PICTURES)
    look = {name: getattr(args, name) for name in ("theme", "width", "scale")}
    is_picture = path.suffix.lower() in PICTURES
    if is_picture:
        check_look(look)
    elif surplus := [f"--{name}" for name, value in look.items() if value is not None]:
        raise UserError(f"{', '.join(surplus)}: for a figure; write a .png, .svg or .pdf")
    options = {
        name.removeprefix("of."): value
        for name, value in vars(args).items()
        if name.startswith("of.") and value is not None
    }
    if args.what == "matches" and not {"start", "stop"} <= options.keys():
        raise UserError("matches need a range of steps: give --start and --stop")

    def rehearse(trace: Trace, untrained: Run) -> None:
        subject = own_figures.Subject(trace, untrained, lambda: trace)
        _rehearse(args.what, subject, options, look if is_picture else None)

    trace, model = make_trace(args, rehearse)
    again = None if model is None else partial(chosen_pass, model, args)
    subject = own_figures.Subject(trace, model, again)
    if is_picture:
        size = draw_figure(args.what, subject, options, look, path)
        told = size_words(size, look["scale"] or PNG_SCALE, path)
        return Report(
            {"what": args.what, "out": str(args.out), "size": size, "title": trace.title},
            (f"wrote {args.out}: {args.what}, {told}",),
        )
    with collected_interrupts() as stop:

        def progress(done: int, total: int) -> bool:
            return not stop

        try:
            arrays, found = _numbers(args.what, subject, options, progress)
        except Cancelled:
            raise KeyboardInterrupt from None
    write_arrays(arrays, path)
    shapes = {name: list(array.shape) for name, array in arrays.items()}
    described = ", ".join(f"{name} {tuple(shape)}" for name, shape in shapes.items())
    result = {"what": args.what, "out": str(args.out), "arrays": shapes, "title": trace.title}
    lines: tuple[str, ...] = (f"wrote {args.out}: {described}",)
    if options.get("compare"):
        result["compared"] = compared_values(found)
        lines = (*lines, *compared_lines(found))
    return Report(result, lines)


def _rehearse(
    what: str,
    subject: own_figures.Subject,
    options: dict[str, Any],
    look: dict[str, Any] | None,
) -> None:
    """The analysis up to where its work begins: by then it has looked at every option.

    Raises:
        UserError: if it cannot be had of this pass, however the weights turn out.
    """

    def given_up(done: int, total: int) -> bool:
        return False

    with suppress(Cancelled, NothingSelected):
        if look is None:
            _numbers(what, subject, dict(options), given_up)
        else:
            figure(what, subject, options, look, given_up)


def _numbers(
    what: str, subject: own_figures.Subject, options: dict[str, Any], progress: Progress
) -> tuple[dict[str, NDArray[Any]], Any]:
    """The arrays, and of the laboratory's own figures what they are the numbers of."""
    if what in own_figures.OPTIONS:
        found = own_figures.measure_own(what, subject, options, progress)
        return figure_arrays(found), found
    if "progress" in OPTIONS[what]:
        options["progress"] = progress
    return analyze(subject.trace, what, **options), None
