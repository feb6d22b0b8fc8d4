"""The losses: −log p or half a square at one step, and their sum."""

from __future__ import annotations

import math

import numpy as np

from rnnviz.scene.as_written import equals, read
from rnnviz.scene.captions import subscript
from rnnviz.scene.equations import equations_of
from rnnviz.scene.inspector_flow import Flow
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.inspector_output import at_row, listed_classes
from rnnviz.scene.lab.words import from_log10
from rnnviz.scene.numbers import exactly, short, signed
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_far import target_classes
from rnnviz.scene.strips_outputs import class_word
from rnnviz.scene.totals import own_words

_TOP = 6


def loss_section(flow: Flow, state: ViewState, node: Node) -> None:
    """The arithmetic of one loss, and its weight in the total."""
    trace, theme = state.trace, state.theme
    flow.formulas(equations_of(trace, node, state.row).forward, theme.ink)
    loss = trace.get("loss")
    if loss is None or not 0 <= node.index < len(loss):
        return
    row = min(state.row, loss.shape[1] - 1)
    value = float(loss[node.index, row])
    probs = at_row(state, "probs", node.index)
    target = int(target_classes(state, node.part.steps)[node.index])
    flow.heading("forward", theme.loss)
    if probs is not None and target >= 0:
        p = float(probs[target])
        word = class_word(state, target)
        share, nats = short(p, 5), short(value, 4)
        surprise = -math.log(read(share)) if read(share) > 0.0 else math.nan
        made = f"= −log {share} {equals(surprise, nats)} {nats} nats"
        flow.lines([f"−log p(“{word}”)", made])
        if math.isfinite(value):
            many = from_log10(value / math.log(10.0), 3)
            flow.words(f"as uncertain as a choice among {many} equally likely classes")
    else:
        flow.lines([*_squares(state, node), f"L{subscript(node.step)} = {short(value, 4)}"])
    mask = trace.get("loss_mask")
    if mask is not None:
        weight = float(mask[node.index, row])
        counted = f"m{subscript(node.step)} = {short(weight, 3)}"
        flow.words(f"weight in L: {counted}" if weight else "this step does not count (m = 0)")
    _total(flow, state)
    backward = equations_of(trace, node, state.row).backward
    if backward and mask is not None:
        flow.heading("backward", theme.gradient)
        flow.formulas(backward, theme.ink, 14.0)
        flow.lines([f"∂L/∂L{subscript(node.step)} = {short(float(mask[node.index, row]), 4)}"])
    classes = listed_classes(state, node)
    if probs is not None and classes:
        flow.heading("softmax", theme.output)
        names = [f"“{class_word(state, c)}" for c in classes]
        ends = ["” ◂" if c == target else "”" for c in classes]
        values = [float(probs[c]) for c in classes]
        flow.bars(names, values, [exactly(v) for v in values], theme.output, 1.0, ends=ends)


def _squares(state: ViewState, node: Node) -> list[str]:
    """The sum of squares in numbers, where it has few terms."""
    said, wanted = at_row(state, "logits", node.index), at_row(state, "targets", node.index)
    if said is None or wanted is None or wanted.shape != said.shape or len(said) > 2:
        return []
    pairs = zip(said.tolist(), wanted.tolist(), strict=True)
    return [f"½ ({' + '.join(f'({signed(y)} {signed(-w)})²' for y, w in pairs)})"]


def _total(flow: Flow, state: ViewState) -> None:
    total = state.trace.get("loss_total")
    if total is not None:
        flow.words(f"total L = {short(float(total), 4)}, what is differentiated", 11.0)
        count = state.trace.batch_size
        if count > 1:
            flow.words(f"summed over the steps of all {count} sequences, m = 1/{count}", 10.0)
            flow.words(own_words(state.trace, state.row), 10.0)


def total_section(flow: Flow, state: ViewState, node: Node) -> None:
    """The sum of the counted losses."""
    trace, theme = state.trace, state.theme
    flow.formulas(equations_of(trace, node, state.row).forward, theme.ink)
    _total(flow, state)
    if backward := equations_of(trace, node, state.row).backward:
        flow.heading("backward", theme.gradient, "where it begins")
        flow.formulas(backward, theme.ink, 14.0)
    loss, mask = trace.get("loss"), trace.get("loss_mask")
    if loss is None or mask is None:
        return
    row = min(state.row, loss.shape[1] - 1)
    shares = loss[:, row]
    counted = np.flatnonzero(mask[:, row] > 0)
    largest = counted[np.argsort(-shares[counted], kind="stable")][:_TOP]
    flow.heading("largest losses", theme.loss, f"of {len(counted)} counted")
    values = [float(shares[k]) for k in largest]
    flow.bars(
        [f"L{subscript(int(k) + 1)}" for k in largest], values, [short(v, 3) for v in values],
        theme.loss, max(values, default=1.0),
    )  # fmt: skip
