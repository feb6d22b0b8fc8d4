"""``rnnviz trace``: every number of one pass, forward and backward."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from rnnviz.cli.options import add_config_arguments
from rnnviz.cli.outputs import check_writable
from rnnviz.cli.report import Report
from rnnviz.cli.sources import about_source
from rnnviz.cli.trace_sources import add_trace_arguments, make_trace

if TYPE_CHECKING:
    from rnnviz.trace import Trace

EPILOG = """\
examples:
  rnnviz trace hello --dtype float64 --seed 0 -o trace.npz     (a fresh network)
  rnnviz trace hello --iterations 300 -o trace.npz             (trained first)
  rnnviz trace run.rnnviz --text "hello" -o trace.npz
  rnnviz trace model.safetensors --text "hello" --vocab vocab.json -o trace.npz
  rnnviz trace model.safetensors --input x.npy -o trace.npz

The file is a plain .npz: numpy.load reads it. docs/trace.md names every array."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", metavar="SOURCE", help=about_source(weights=True))
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True, help="write the trace here (*.npz)"
    )
    add_trace_arguments(parser)
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    from rnnviz.trace.files import save_trace

    check_writable(args.out, (".npz",))
    trace, _ = make_trace(args)
    save_trace(trace, args.out)
    result = describe(trace) | {"out": str(args.out)}
    shown = f", loss {result['loss']:.6g} nats" if result["loss"] is not None else ""
    source = args.source or "the configuration"
    words = (
        f"wrote {args.out}: {len(trace.arrays)} arrays of one pass of {source}, "
        f"{trace.columns} steps{shown}"
    )
    return Report(result, (words,))


def describe(trace: Trace) -> dict[str, Any]:
    """Sizes and loss of a trace; no loss where no step has a target that counts."""
    total, mask = trace.get("loss_total"), trace.get("loss_mask")
    if mask is not None and not mask.any():
        total = None
    return {
        "title": trace.title,
        "cell": trace.spec.cell,
        "kind": trace.spec.kind,
        "iteration": trace.iteration,
        "steps": trace.columns,
        "batch_size": trace.batch_size,
        "hidden_size": trace.spec.hidden_size,
        "dtype": str(trace["logits"].dtype),
        "loss": None if total is None else float(total),
        "arrays": sorted(trace.arrays),
    }
