"""``rnnviz sample``: let a model write on its own, or answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rnnviz.cli.options import add_config_arguments
from rnnviz.cli.outputs import check_writable
from rnnviz.cli.report import Report
from rnnviz.cli.sources import about_source
from rnnviz.cli.trace_sources import brief, opened
from rnnviz.trace.errors import UserError

if TYPE_CHECKING:
    from rnnviz.session import Run
    from rnnviz.trace import Trace

EPILOG = """\
examples:
  rnnviz sample run.rnnviz --length 200 --temperature 0.8
  rnnviz sample hello --iterations 300 --prompt h --length 4 --temperature 0

At every step a symbol is drawn from the softmax of the outputs over the temperature and fed
back as the next input; temperature 0 takes the likeliest. A model that does not read what it
writes (a translation, a sentiment, …) answers to the prompt instead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help=about_source())
    parser.add_argument("--prompt", default="", metavar="TEXT", help="what the model reads first")
    parser.add_argument("--length", type=int, metavar="N", help="steps (100)")
    parser.add_argument("--temperature", type=float, metavar="X", help="0 for the likeliest (1)")
    parser.add_argument(
        "--sample-seed", type=int, metavar="N", help="start of the draws (that of --seed)"
    )
    parser.add_argument("--top-k", type=int, metavar="K", help="draw among the K likeliest")
    parser.add_argument("--beam", type=int, metavar="N", help="search N answers side by side")
    parser.add_argument("-o", "--out", metavar="FILE", help="write the trace here too (*.npz)")
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> Report:
    from rnnviz.trace.files import save_trace

    if args.out is not None:
        check_writable(args.out, (".npz",))
    if args.beam is not None and (args.top_k is not None or args.temperature is not None):
        raise UserError("a beam draws nothing: leave out --top-k and --temperature, or --beam")
    length = 100 if args.length is None else args.length

    def try_before(untrained: Run) -> None:
        if getattr(args, "training.iterations") is not None:
            _written(untrained, args, brief(length) or 0)

    model = opened(args.source, args, try_before)
    trace = _written(model, args, length)
    if trace is None:
        return _answer(model, args)
    text = model.sampled_text(trace)
    result = {
        "task": model.task.name,
        "iteration": model.iteration,
        "prompt": args.prompt,
        "text": text,
        "length": length,
        "temperature": _temperature(args),
    }
    if args.out is not None:
        save_trace(trace, args.out)
        result["out"] = str(args.out)
    return Report(result, (args.prompt + text,))


def _written(model: Run, args: argparse.Namespace, length: int) -> Trace | None:
    """What the model writes after the prompt; None where it answers to it instead."""
    if args.prompt and not writes_on(model):
        return None
    return model.sample(
        args.prompt, length, _temperature(args), _draw_seed(args),
        top_k=args.top_k, beam=args.beam,
    )  # fmt: skip


def writes_on(model: Run) -> bool:
    """Whether the model reads what it writes."""
    from rnnviz.session.sampling import vocabulary_of

    try:
        vocabulary_of(model.task, model.net)
    except UserError:
        return False
    return True


def _answer(model: Run, args: argparse.Namespace) -> Report:
    from rnnviz.trace.files import save_trace

    if args.length is not None:
        raise UserError(f"{model.task.name} answers as long as it needs: leave out --length")
    answer = _chosen_answer(model, args)
    result = {
        "task": model.task.name,
        "iteration": model.iteration,
        "prompt": args.prompt,
        "text": answer,
    }
    if args.out is not None:
        save_trace(model.trace(args.prompt), args.out)
        result["out"] = str(args.out)
    return Report(result, (answer,))


def _chosen_answer(model: Run, args: argparse.Namespace) -> str:
    """The likeliest answer, or one decoded as the options say where it is written in words."""
    from rnnviz.session.comparing import writes_words, written_answer
    from rnnviz.session.sampling import Decoding

    asked = ("temperature", "top_k", "beam", "sample_seed")
    given = [name for name in asked if getattr(args, name) is not None]
    if not given:
        return model.answer(args.prompt)
    if not writes_words(model.task):
        options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UserError(
            f"{model.task.name} does not write its answers word by word: leave out {options}"
        )
    decoding = Decoding(_temperature(args), _draw_seed(args), args.top_k, args.beam)
    return written_answer(model, model.batch_of(args.prompt), decoding).text


def _temperature(args: argparse.Namespace) -> float:
    return 1.0 if args.temperature is None else float(args.temperature)


def _draw_seed(args: argparse.Namespace) -> int:
    """The seed of the draws, else that of the run as it was asked for, else 0."""
    return next(seed for seed in (args.sample_seed, args.seed, 0) if seed is not None)
