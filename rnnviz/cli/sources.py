"""What a command works on: a task, a data file, a run file or a weights file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.cli.interrupts import Interrupts
from rnnviz.cli.options import (
    changes_from,
    check_values,
    config_from,
    flag_of,
    named_as_typed,
)
from rnnviz.cli.progress import Progress
from rnnviz.trace.errors import UserError
from rnnviz.trace.weight_files import holds_weights, weights_words

if TYPE_CHECKING:
    from rnnviz.session import Run

RUN_SUFFIX = ".rnnviz"
_RUN, _WEIGHTS = "a saved run (*.rnnviz)", "weights (*.safetensors)"
_TRACE = "a trace (*.npz)"

ABOUT_PREFIX = "the recurrent module's name, such as encoder.rnn, where the file has several"


def about_source(*, weights: bool = False, trace: bool = False) -> str:
    """What a command works on, for its help; ``weights`` and ``trace`` say whether on those too."""
    more = [_WEIGHTS] * weights + [_TRACE] * trace
    *kinds, last = "a task (see rnnviz tasks)", "your own data (a text file, …)", _RUN, *more
    return f"{', '.join(kinds)} or {last}"


def is_run(source: str) -> bool:
    """Whether that argument names a run file."""
    return Path(source).suffix.lower() == RUN_SUFFIX


def is_weights(source: str) -> bool:
    """Whether that argument names a weights file."""
    return holds_weights(source)


def open_run(source: str | None, args: argparse.Namespace) -> Run:
    """The saved run, or a new one on the task or data named (default: hello).

    Raises:
        UserError: if it cannot be opened, or options were given that a saved run has fixed.
    """
    from rnnviz.session import Run, load

    if source is not None and is_weights(source):
        raise UserError(weights_words(source))
    if source is not None and is_run(source):
        check_values(args)
        changes = changes_from(args)
        changes.get("training", {}).pop("iterations", None)
        rate = changes.get("training", {}).pop("learning_rate", None)
        fixed = flags_of({key: value for key, value in changes.items() if value != {}})
        if args.config is not None:
            fixed.append("--config")
        if fixed:
            raise UserError(
                f"{source} is a saved run, in which {', '.join(fixed)} cannot be changed: "
                "leave that out, or start a new run"
            )
        run = load(source)
        if rate is not None:
            run.set_learning_rate(rate)
        return run
    with named_as_typed(args):
        return Run.create(config_from(args, source))


def train_with_progress(run: Run, iterations: int, stop: Interrupts) -> None:
    """Train with a bar on stderr until done, or until Ctrl-C."""
    progress = Progress(iterations, f"training {run.task.name}")
    try:
        for done, row in enumerate(run.iterate(iterations), start=1):
            progress.show(done, row.smoothed_loss)
            if stop:
                return
    finally:
        progress.close()


def flags_of(changes: Mapping[str, object]) -> list[str]:
    """The settings in nested tables as the options with which they are given."""
    flags: list[str] = []
    for key, value in changes.items():
        names = list(value) if isinstance(value, dict) else [key]
        given = (f"--set {name}" if key == "options" else name for name in names)
        flags += [flag_of(name) for name in given]
    return flags
