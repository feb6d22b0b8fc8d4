"""``rnnviz train``: train without a window."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnviz.cli.interrupts import collected_interrupts
from rnnviz.cli.options import add_config_arguments
from rnnviz.cli.outputs import check_writable
from rnnviz.cli.report import Report
from rnnviz.cli.scores import score_of
from rnnviz.cli.sources import about_source, is_run, open_run, train_with_progress
from rnnviz.ctrl_c import exit_code
from rnnviz.session.rescue import save_somewhere
from rnnviz.trace.errors import UserError
from rnnviz.trace.many import many

if TYPE_CHECKING:
    from rnnviz.session import Run

EPILOG = """\
examples:
  rnnviz train hello --iterations 500 --seed 0 --out run.rnnviz
  rnnviz train book.txt --cell lstm --layers 2 --hidden-size 128
  rnnviz train run.rnnviz --iterations 1000 -o run.rnnviz   (goes on from there)
  rnnviz train --config run.toml

The run file opens in the window (rnnviz run.rnnviz), traces, renders and samples."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", metavar="TASK", help=about_source())
    parser.add_argument("-o", "--out", metavar="FILE", help="write the run here (*.rnnviz)")
    parser.add_argument(
        "--no-evaluation", action="store_true", help="leave out the score on held-out data"
    )
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    from rnnviz.session import TrainingDiverged

    if args.out is not None:
        check_writable(args.out, (".rnnviz",))
    if args.source is None and args.config is None:
        raise UserError("name a task, a text file or a run to train, or give --config FILE")
    training = open_run(args.source, args)
    given = getattr(args, "training.iterations")
    goes_on = args.source is not None and is_run(args.source)
    if goes_on:
        count = given if given is not None else max(training.limit - training.iteration, 0)
    else:
        count = training.limit
    problem, before = "", training.iteration
    worth = training.worth(count)
    start = time.perf_counter()
    with collected_interrupts() as stop:
        try:
            train_with_progress(training, count, stop)
        except TrainingDiverged as error:
            problem = str(error)
        seconds = time.perf_counter() - start
        if args.out is not None:
            stop.hold()
            _save(training, args.out)
    result, words = _result(training, before, seconds)
    if worth != count and training.idleness:
        words = f"{words}; {training.idleness}"
    if problem or stop:
        result["stopped"] = problem or "interrupted"
    elif not args.no_evaluation and training.data_problem is None:
        score, scored = score_of(training)
        result |= score
        if args.out is not None:
            # Once more: what was trained was safe before the score was waited for.
            try:
                training.save(args.out)
            except UserError as error:
                scored = f"{scored}, which is not in the file: {error}"
        words = f"{words}; {scored}"
    if args.out is not None:
        result["out"] = str(args.out)
        words = f"{words}; wrote {args.out}"
    lines = (problem, words) if problem else (words,)
    return Report(result, lines, exit_code=1 if problem else exit_code() if stop else 0)


def _save(training: Run, out: str) -> None:
    """Save the run; where its place takes it no longer, for the hours that it took, elsewhere.

    Raises:
        UserError: if it is not where it was wanted; says where it is instead.
    """
    kept, problem = save_somewhere(training, Path(out))
    if problem:
        raise UserError(f"{problem}. What was trained is in {kept}")


def _result(training: Run, before: int, seconds: float) -> tuple[dict[str, Any], str]:
    last = training.history.last
    loss = None if last is None else last.loss
    result = {
        "task": training.task.name,
        "iterations": training.iteration,
        "loss": loss,
        "smoothed_loss": None if last is None else last.smoothed_loss,
        "seconds": seconds,
        "seed": training.config.seed,
        "parameters": int(training.net.params.flat.size),
    }
    shown = "no loss yet" if loss is None else f"loss {loss:.6g} nats"
    whole = f" after the {before} of before" if before else ""
    done = f"{many(training.iteration - before, 'iteration')}{whole} in {seconds:.2f} s"
    words = f"{training.task.name}: {done}, {shown}"
    return result, words
