"""How a pass is looked at, from the arguments of ``rnnviz render``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rnnviz.trace.errors import UserError

if TYPE_CHECKING:
    from rnnviz.export.framing import Framing
    from rnnviz.trace import Trace


def add_framing_arguments(parser: argparse.ArgumentParser) -> None:
    """What of the pass is shown, and what is pointed out in it."""
    parser.add_argument(
        "--row", type=int, default=0, metavar="N", help="the sequence of the batch, from 0 (0)"
    )
    parser.add_argument(
        "--strips", metavar="NAMES",
        help="of --view stage and strips: only these, in this order, such as h_l0,loss",
    )  # fmt: skip
    parser.add_argument(
        "--select", metavar="NODE",
        help="a chosen node, such as h_l0@3, loss@2 or W: outlined, and what the inspector shows",
    )  # fmt: skip


def framing_from(args: argparse.Namespace, trace: Trace) -> Framing:
    """The arrangement that the arguments ask for.

    Raises:
        UserError: if the pass has no such strip or node.
    """
    from rnnviz.export.framing import Framing
    from rnnviz.scene.strips_choice import only_strips
    from rnnviz.scene.strips_layout import StripLayout

    strips = StripLayout()
    if args.strips is not None:
        if args.view not in ("stage", "strips"):
            raise UserError("--strips is for --view stage and --view strips")
        names = [name.strip() for name in args.strips.split(",") if name.strip()]
        strips = only_strips(trace, names)
    return Framing(strips=strips, selected=_node(args.select, trace) if args.select else "")


def _node(text: str, trace: Trace) -> str:
    """The id of a node from its form on screen, where steps count from 1."""
    from rnnviz.scene.inspector_node import parse_node

    name, at, step = text.strip().partition("@")
    node = f"{name}@{int(step) - 1}" if step.isdigit() and int(step) > 0 else name
    there = name in trace or name in ("W", "L", "x", "logits", "loss")
    if not there or (at and node == name) or parse_node(trace, node) is None:
        raise UserError(
            f"this pass has no node {text!r}; write NAME@STEP such as h_l0@3, its steps counted "
            f"from 1 to {trace.columns}, or W"
        )
    return node
