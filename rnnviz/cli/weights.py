"""One pass of a network whose weights come from a ``.safetensors`` file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.cli.options import changes_from
from rnnviz.cli.sources import flags_of
from rnnviz.trace.errors import UserError

if TYPE_CHECKING:
    from rnnviz.engine import Batch, Network
    from rnnviz.trace import Labels, Trace

_CHOICES = ("activation", "input_kind", "head")
"""Model options that weights do not decide."""


def trace_of_weights(args: argparse.Namespace) -> Trace:
    """Forward over ``--text`` or ``--input``; backward too where a text has next tokens.

    Raises:
        UserError: if weights, vocabulary and input do not fit together.
    """
    from rnnviz.interop import read_vocabulary

    for name in ("example", "sample", "config"):
        if getattr(args, name) is not None:
            raise UserError(f"--{name} needs a task or a run; weights read --text or --input")
    if (args.text is None) == (args.input is None):
        raise UserError("weights need something to read: give --text with --vocab, or --input")
    if args.text is not None and args.vocab is None:
        raise UserError("--text needs --vocab FILE: a JSON list of symbols, or symbol → id")
    vocabulary = None if args.vocab is None else read_vocabulary(args.vocab)
    net = network_of(args, reads_text=args.text is not None)
    if vocabulary is not None and len(vocabulary) != net.spec.input_size:
        raise UserError(
            f"the vocabulary {args.vocab!r} has {len(vocabulary)} symbols; "
            f"the model reads {net.spec.input_size}"
        )
    batch = (
        _text_batch(args.text, vocabulary, net) if vocabulary and args.text is not None else None
    )
    if batch is None:
        batch = _array_batch(args.input, net)
    with np.errstate(all="ignore"):
        return net.trace(batch, _labels(batch, vocabulary, net), title=Path(args.source).name)


def network_of(args: argparse.Namespace, reads_text: bool) -> Network:
    """The network in the file, with the choices that weights leave open.

    Raises:
        UserError: if a tensor is wrong, or an option would contradict the weights.
    """
    from rnnviz.interop import load_network

    changes = changes_from(args)
    changes.pop("seed", None)
    settings: dict[str, Any] = {"prefix": args.prefix}
    if "dtype" in changes:
        settings["dtype"] = np.dtype(changes.pop("dtype"))
    model = changes.pop("model", {})
    settings |= {name: model.pop(name) for name in _CHOICES if name in model}
    if settings.get("head", "step") != "step":
        settings["kind"] = "many-to-one"
    decided = flags_of({"model": model, **changes})
    if decided:
        raise UserError(f"{args.source} holds weights: leave out {', '.join(decided)}")
    if reads_text and settings.get("input_kind") == "vector":
        raise UserError("--text is read as symbols: leave out --input-kind vector, or give --input")
    net = load_network(args.source, **settings)
    if reads_text and net.spec.input_kind == "vector":
        net = load_network(args.source, **settings, input_kind="one-hot")
    return net


def _text_batch(text: str, vocabulary: tuple[str, ...], net: Network) -> Batch:
    from rnnviz.engine import Batch
    from rnnviz.interop import encode

    ids = encode(text, vocabulary)
    targets = None
    predicts = net.spec.loss == "cross-entropy" and net.spec.output_size == len(vocabulary)
    if predicts and net.spec.kind == "aligned" and len(ids) > 1:
        targets = np.append(ids[1:], -1)[:, np.newaxis]
    return Batch(tokens=ids[:, np.newaxis], targets=targets)


def _array_batch(path: str, net: Network) -> Batch:
    from rnnviz.engine import Batch
    from rnnviz.trace.archive import read_array

    array = read_array(path)
    tokens = net.spec.input_kind != "vector"
    wanted = 2 if tokens else 3
    if array.ndim == wanted - 1:
        array = np.expand_dims(array, 1)
    if array.ndim != wanted or (tokens and array.dtype.kind not in "iu"):
        what = "whole numbers of shape (T, B)" if tokens else "numbers of shape (T, B, D)"
        raise UserError(f"{path} has shape {array.shape}, {array.dtype}; the model reads {what}")
    if tokens:
        return Batch(tokens=array.astype(np.intp))
    with np.errstate(over="ignore"):  # what becomes infinite is refused with the batch
        return Batch(x=array.astype(net.dtype))


def _labels(batch: Batch, vocabulary: tuple[str, ...] | None, net: Network) -> Labels:
    from rnnviz.tasks import visible
    from rnnviz.trace import Labels

    if vocabulary is None:
        return Labels()
    symbols = tuple(visible(symbol) for symbol in vocabulary)
    rows = () if batch.tokens is None else batch.tokens.T
    targets = () if batch.targets is None else batch.targets.T
    return Labels(
        inputs=tuple(tuple(symbols[i] for i in row) for row in rows),
        targets=tuple(tuple(symbols[i] if i >= 0 else "" for i in row) for row in targets),
        symbols=symbols,
        classes=symbols if net.spec.output_size == len(symbols) else (),
    )
