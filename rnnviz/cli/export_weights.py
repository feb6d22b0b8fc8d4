"""``rnnviz export``: a run's weights under PyTorch's names."""

from __future__ import annotations

import argparse

from rnnviz.cli.outputs import check_writable
from rnnviz.cli.report import Report
from rnnviz.cli.sources import is_run
from rnnviz.trace.errors import UserError

EPILOG = """\
example:
  rnnviz export run.rnnviz -o weights.safetensors

The file has the names of an nn.RNN, nn.LSTM or nn.GRU called rnn, an nn.Embedding called
embedding and an nn.Linear called linear: load_state_dict takes it as it is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="RUN", help="a saved run (*.rnnviz)")
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True, help="write here (*.safetensors)"
    )
    parser.add_argument(
        "--prefix", default="rnn.", metavar="TEXT", help="before the recurrent names (rnn.)"
    )


def run(args: argparse.Namespace) -> Report:
    from rnnviz.interop import write_torch_weights
    from rnnviz.session import load

    check_writable(args.out, (".safetensors",))
    if not is_run(args.source):
        raise UserError(f"{args.source} is not a saved run (*.rnnviz): train one first")
    written = write_torch_weights(load(args.source).net, args.out, args.prefix)
    result = {"out": args.out, "tensors": {name: list(shape) for name, shape in written.items()}}
    return Report(result, (f"wrote {args.out}: {len(written)} tensors",))
