"""From the arguments of ``trace`` and ``render`` to one trace."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnnviz.cli.interrupts import collected_interrupts
from rnnviz.cli.options import changes_from, check_values, flag_of
from rnnviz.cli.sources import (
    ABOUT_PREFIX,
    flags_of,
    is_run,
    is_weights,
    open_run,
    train_with_progress,
)
from rnnviz.trace.errors import UserError
from rnnviz.trace.weight_files import weights_words

if TYPE_CHECKING:
    from rnnviz.session import Run
    from rnnviz.tasks.base import Split
    from rnnviz.trace import Trace


def add_trace_arguments(parser: argparse.ArgumentParser) -> None:
    """Which pass to take."""
    group = parser.add_argument_group("which pass")
    group.add_argument("--text", metavar="TEXT", help="the pass over this text")
    group.add_argument(
        "--example", type=int, metavar="N", help="the pass over example N of the task, from 0"
    )
    group.add_argument("--held-out", action="store_true", help="count held-out examples instead")
    group.add_argument(
        "--sample", type=int, metavar="N", help="let the model write N steps after TEXT"
    )
    group.add_argument("--temperature", type=float, metavar="X", help="of --sample (1)")
    group.add_argument(
        "--vocab", metavar="FILE", help="weights only: a JSON list of symbols, or symbol → id"
    )
    group.add_argument(
        "--input", metavar="FILE", help="weights only: a .npy of shape (T, B, D), or of ids (T, B)"
    )
    group.add_argument("--prefix", metavar="NAME", help=f"weights only: {ABOUT_PREFIX}")


def make_trace(
    args: argparse.Namespace, rehearse: Callable[[Trace, Run], None] | None = None
) -> tuple[Trace, Run | None]:
    """The trace asked for, and the run it came from, if it came from one.

    Where training comes first, the untrained run makes the pass before over the same batch, and
    ``rehearse`` tries what is to be done with it: nobody waits for training to be told of a slip.

    Raises:
        UserError: if the source cannot be opened or options contradict each other.
    """
    source: str | None = args.source
    if source is None and args.config is None:
        raise UserError("name a task, a text file, a run or weights, or give --config FILE")
    _check_pass(args)
    from rnnviz.trace.files import is_recorded, load_trace

    if source is not None and is_recorded(source):
        _check_complete(source, args)
        return load_trace(source), None
    if source is not None and is_weights(source):
        from rnnviz.cli.weights import trace_of_weights

        return trace_of_weights(args), None
    for name in ("vocab", "input", "prefix"):
        if getattr(args, name) is not None:
            given = f"--{name} belongs to weights (*.safetensors), not to {source or args.config}"
            raise UserError(weights_words(source or "") or given)

    def try_before(untrained: Run) -> None:
        iterations = getattr(args, "training.iterations")
        if iterations is None:
            return
        if rehearse is None:
            # Nothing is asked of the pass: as little of it as shows that it can be had.
            little = vars(args) | {"sample": brief(args.sample)}
            chosen_pass(untrained, argparse.Namespace(**little))
            return
        if is_chosen(args):
            rehearse(chosen_pass(untrained, args), untrained)
            return
        # Batches may differ in length: what there is to see depends on the one met after training.
        met = untrained.trainer.upcoming_batch(iterations)
        rehearse(untrained.trace(met), untrained)

    run = opened(source, args, try_before)
    return chosen_pass(run, args), run


def brief(steps: int | None) -> int | None:
    """As many steps of a sample as show whether it can be drawn; a length that cannot be stays."""
    from rnnviz.session.sampling import MOST_STEPS

    return min(steps, 2) if steps is not None and steps <= MOST_STEPS else steps


def _check_pass(args: argparse.Namespace) -> None:
    """Refuse options that only say something beside others."""
    if args.example is not None and (args.text is not None or args.sample is not None):
        raise UserError("--example excludes --text and --sample: give one")
    if args.held_out and args.example is None:
        raise UserError("--held-out says where --example counts: give --example N too")
    if args.temperature is not None and args.sample is None:
        raise UserError("--temperature belongs to --sample: give --sample N too")


def _check_complete(source: str, args: argparse.Namespace) -> None:
    """Refuse options that would have to change a pass that is there already."""
    asked = ("text", "example", "sample", "vocab", "input", "prefix", "config")
    given = [flag_of(name) for name in asked if getattr(args, name) is not None]
    given += [flag for flag in flags_of(changes_from(args)) if flag != "--seed"]
    if given:
        raise UserError(f"{source} is a saved pass: leave out {', '.join(given)}")


def is_chosen(args: argparse.Namespace) -> bool:
    """Whether a certain pass was asked for, and not just the next one of the run."""
    return any(getattr(args, name) is not None for name in ("text", "example", "sample"))


def opened(
    source: str | None, args: argparse.Namespace, ready: Callable[[Run], None] | None = None
) -> Run:
    """The run on ``source``, trained ``--iterations`` further, in the precision asked for.

    ``ready`` is called when the source is open and before training begins.
    """
    iterations = getattr(args, "training.iterations")
    wants_dtype = None
    if source is not None and is_run(source):
        # The seed of a saved run is in it; one that is named here is that of a sample.
        check_values(args)
        wants_dtype = args.dtype
        args = argparse.Namespace(**{**vars(args), "dtype": None, "seed": None})
    run = open_run(source, args)
    if ready is not None:
        ready(run)
    if iterations is not None:
        with collected_interrupts() as stop:
            train_with_progress(run, iterations, stop)
        if stop:
            raise KeyboardInterrupt
    if wants_dtype is not None and wants_dtype != run.config.dtype:
        run = run.in_precision(wants_dtype)
    return run


def chosen_pass(run: Run, args: argparse.Namespace) -> Trace:
    """The pass of the run that the arguments name; the next one of training if they name none.

    Raises:
        UserError: if options contradict each other or name what is not there.
    """
    if args.sample is not None:
        temperature = 1.0 if args.temperature is None else args.temperature
        seed = run.config.seed if args.seed is None else args.seed
        return run.sample(args.text or "", args.sample, temperature, seed)
    if args.text is not None:
        return run.trace(args.text)
    if args.example is not None:
        split: Split = "held-out" if args.held_out else "train"
        examples = run.task.examples(split)
        if not examples:
            raise UserError(f"{run.task.name} has no {split} examples: leave out --held-out")
        if not 0 <= args.example < len(examples):
            raise UserError(
                f"--example is {args.example}; the {split} examples of {run.task.name} are counted "
                f"from 0 to {len(examples) - 1}"
            )
        return run.trace(examples[args.example])
    return run.trace()
