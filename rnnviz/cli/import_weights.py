"""``rnnviz import``: PyTorch's weights as the start of a run."""

from __future__ import annotations

import argparse

from rnnviz.cli.options import one_of
from rnnviz.cli.outputs import check_writable
from rnnviz.cli.report import Report
from rnnviz.cli.sources import ABOUT_PREFIX, is_weights
from rnnviz.trace.errors import UserError
from rnnviz.trace.weight_files import weights_words

EPILOG = """\
example:
  rnnviz import weights.safetensors --task hello -o run.rnnviz

The task's vocabulary and sizes must be those the model was trained with. To look at one pass
without a task, use rnnviz trace weights.safetensors with --text and --vocab, or --input."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="WEIGHTS", help="a .safetensors file")
    parser.add_argument(
        "--task", required=True, metavar="TASK", help="what it reads: a task or a data file"
    )
    parser.add_argument("-o", "--out", metavar="FILE", required=True, help="the run (*.rnnviz)")
    parser.add_argument(
        "--activation", type=one_of("tanh", "relu"), metavar="{tanh,relu}",
        help="of an nn.RNN, whose weights do not show it (as exported, else tanh)",
    )  # fmt: skip
    parser.add_argument(
        "--input-kind", type=one_of("one-hot", "vector", "embedding"),
        metavar="{one-hot,vector,embedding}",
        help="what the model reads, where a matrix could be its embedding or its output layer",
    )  # fmt: skip
    parser.add_argument("--prefix", metavar="NAME", help=ABOUT_PREFIX)


def run(args: argparse.Namespace) -> Report:
    from rnnviz.session.imported import run_from_weights

    check_writable(args.out, (".rnnviz",))
    if not is_weights(args.source):
        raise UserError(
            weights_words(args.source) or f"{args.source} is not a .safetensors file of weights"
        )
    model = run_from_weights(args.source, args.task, args.activation, args.prefix, args.input_kind)
    model.save(args.out)
    spec = model.spec
    result = {
        "out": args.out,
        "task": model.task.name,
        "cell": spec.cell,
        "activation": spec.activation,
        "dtype": str(model.net.dtype),
        "hidden_size": spec.hidden_size,
        "layers": spec.layers,
        "parameters": int(model.net.params.flat.size),
    }
    words = f"wrote {args.out}: {spec.cell}, {spec.hidden_size} units, on {model.task.name}"
    return Report(result, (words,))
