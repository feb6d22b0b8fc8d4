"""The main job where there is no display: train, and leave a picture and the numbers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnviz.cli.interrupts import collected_interrupts, interrupted_after
from rnnviz.cli.offscreen import offscreen
from rnnviz.cli.outputs import check_writable
from rnnviz.cli.remarks import remark
from rnnviz.cli.report import Report
from rnnviz.cli.sources import train_with_progress
from rnnviz.trace.errors import UserError
from rnnviz.trace.many import many

if TYPE_CHECKING:
    from rnnviz.session import Run

OUT = Path("out")
_FILES = (".rnnviz", ".png", ".npz")
ITERATIONS = 300
"""At most, unless more are asked for; hello is learned by then."""


@offscreen()
def without_display(args: argparse.Namespace) -> Report:
    """Train, and leave a picture of the window and the trace in ``out/``."""
    from rnnviz.app.system_check import check_qt
    from rnnviz.cli.trace_sources import opened
    from rnnviz.trace.files import is_recorded, load_trace, save_trace

    source: str | None = args.source
    model: Run | None = None
    run_file: Path | None = None
    lines: list[str] = []
    check_qt()
    if source is not None and is_recorded(Path(source)):
        trace, name = load_trace(source), Path(source).stem
        _begin(name, ".png", ".npz")
    else:
        given = getattr(args, "training.iterations")
        model = opened(source, args, lambda run: _begin(run.task.name, *_FILES))
        if given is None and model.iteration == 0:
            with collected_interrupts() as stop:
                train_with_progress(model, min(model.limit, ITERATIONS), stop)
            if stop:
                raise KeyboardInterrupt
        trace, name = model.trace(), model.task.name
        run_file = OUT / f"{name}.rnnviz"
        model.save(run_file)
        lines.append(f"trained {name} for {many(model.iteration, 'iteration')}: {run_file}")
    picture, numbers = OUT / f"{name}.png", OUT / f"{name}.npz"
    from rnnviz.app.render_window import render_window

    save_trace(trace, numbers)
    with interrupted_after():
        render_window(trace if model is None else model, picture)
    lines += [f"the window: {picture}", f"the trace: {numbers}"]
    result: dict[str, Any] = {
        "display": False, "picture": str(picture), "trace": str(numbers),
    }  # fmt: skip
    if model is not None:
        result |= {"run": str(run_file), "iterations": model.iteration}
    return Report(result, tuple(lines))


def _begin(name: str, *files: str) -> None:
    """Said once the source is found good and before the work begins: not a result.

    Raises:
        UserError: if there is no place to leave files with these endings in.
    """
    try:
        OUT.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {str(OUT)!r}: {error.strerror}") from None
    for ending in files:
        check_writable(str(OUT / f"{name}{ending}"))
    remark("no display: doing the same job offscreen")
