"""Outputs, losses and inputs of one step: softmax, −log p, and the gradient p − target."""

from __future__ import annotations

import math

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations import equations_of, layer_symbols
from rnnviz.scene.inspector_flow import Flow, Matrix
from rnnviz.scene.inspector_node import Node, gradient_is_known
from rnnviz.scene.inspector_state import column, symmetric
from rnnviz.scene.numbers import fixed, short, signed
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_outputs import class_word, target_classes, top_classes
from rnnviz.scene.strips_reduce import Values

_TOP = 6


def _row(state: ViewState, name: str, index: int) -> Values | None:
    values = state.trace.get(name)
    if values is None or not 0 <= index < len(values):
        return None
    found: Values = values[index, min(state.row, values.shape[1] - 1)]
    return found


def listed_classes(state: ViewState, node: Node) -> list[int]:
    """The classes worth a line: all of a small vocabulary, else the likeliest and the target."""
    logits = _row(state, "logits", node.index)
    if logits is None:
        return []
    if len(logits) <= _TOP:
        return list(range(len(logits)))
    best: list[int] = top_classes(logits[None], _TOP)[0].tolist()
    target = int(target_classes(state, node.part.steps)[node.index])
    return best if target < 0 or target in best else [*best[:-1], target]


def output_section(flow: Flow, state: ViewState, node: Node) -> None:
    """Scores, probabilities, and the gradient at the scores."""
    trace, theme = state.trace, state.theme
    equations = equations_of(trace, node)
    flow.formulas(equations.forward, theme.ink)
    logits = _row(state, "logits", node.index)
    if logits is None:
        return
    matrix = trace.get("W_hy")
    if matrix is not None:
        shown: list[Matrix] = [Matrix("W_{hy}", matrix, symmetric(state, matrix), "W_hy")]
        shown.append(Matrix(f"y_{{{node.step}}}", column(logits), symmetric(state, logits)))
        flow.matrices(shown)
    probs = _row(state, "probs", node.index)
    target = int(target_classes(state, node.part.steps)[node.index])
    classes = listed_classes(state, node)
    note = "" if len(classes) == len(logits) else f"{len(classes)} of {len(logits)} classes"
    flow.heading("forward", theme.output, note)
    if probs is None:
        words = [class_word(state, c) for c in classes]
        flow.lines(
            [
                f"y{subscript(node.step)}[{w}] = {signed(float(logits[c]))}"
                for w, c in zip(words, classes, strict=True)
            ]
        )
    else:
        names = [f"“{class_word(state, c)}”" + (" ◂" if c == target else "") for c in classes]
        texts = [f"{fixed(float(probs[c]), 3)}  (y {signed(float(logits[c]), 2)})" for c in classes]
        flow.bars(names, [float(probs[c]) for c in classes], texts, theme.output, 1.0)
        if target >= 0:
            flow.words("◂ the target; bars show p = softmax(y), from 0 to 1", 10.0)
    _backward(flow, state, node, classes)


def _backward(flow: Flow, state: ViewState, node: Node, classes: list[int]) -> None:
    theme = state.theme
    gradient = _row(state, "dL_dlogits", node.index)
    equations = equations_of(state.trace, node).backward
    if gradient is None or not equations:
        return
    reached = gradient_is_known(state, node)
    flow.heading("backward", theme.gradient, "" if reached else "the cursor is not there yet")
    flow.formulas(equations, theme.ink, 14.0)
    flow.lines(
        [
            f"∂L/∂y{subscript(node.step)}[{class_word(state, c)}] = {signed(float(gradient[c]), 4)}"
            for c in classes
        ]
    )
    flow.lines([f"length {short(float(np.linalg.norm(gradient)), 3)}"], theme.muted)


def loss_section(flow: Flow, state: ViewState, node: Node) -> None:
    """The arithmetic of one loss, and its weight in the total."""
    trace, theme = state.trace, state.theme
    flow.formulas(equations_of(trace, node).forward, theme.ink)
    loss = trace.get("loss")
    if loss is None or not 0 <= node.index < len(loss):
        return
    row = min(state.row, loss.shape[1] - 1)
    value = float(loss[node.index, row])
    probs = _row(state, "probs", node.index)
    target = int(target_classes(state, node.part.steps)[node.index])
    flow.heading("forward", theme.loss)
    if probs is not None and target >= 0:
        p = float(probs[target])
        word = class_word(state, target)
        flow.lines([f"−log p(“{word}”)", f"= −log {fixed(p, 4)} = {short(value, 4)} nats"])
        surprise = math.exp(min(value, 700.0))
        flow.words(f"as uncertain as a choice among {short(surprise, 3)} equally likely classes")
    else:
        flow.lines([f"L{subscript(node.step)} = {short(value, 4)}"])
    mask = trace.get("loss_mask")
    if mask is not None:
        weight = float(mask[node.index, row])
        counted = f"m{subscript(node.step)} = {short(weight, 3)}"
        flow.words(f"weight in L: {counted}" if weight else "this step does not count (m = 0)")
    _total(flow, state)
    classes = listed_classes(state, node)
    if probs is not None and classes:
        flow.heading("softmax", theme.output)
        names = [f"“{class_word(state, c)}”" + (" ◂" if c == target else "") for c in classes]
        values = [float(probs[c]) for c in classes]
        flow.bars(names, values, [fixed(v, 3) for v in values], theme.output, 1.0)


def _total(flow: Flow, state: ViewState) -> None:
    total = state.trace.get("loss_total")
    if total is not None:
        flow.words(f"total L = {short(float(total), 4)}, what is differentiated", 11.0)


def total_section(flow: Flow, state: ViewState, node: Node) -> None:
    """The sum of the counted losses."""
    trace, theme = state.trace, state.theme
    flow.formulas(equations_of(trace, node).forward, theme.ink)
    _total(flow, state)
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


def input_section(flow: Flow, state: ViewState, node: Node) -> None:
    """What a step reads, and the gradient that arrives there."""
    trace, theme = state.trace, state.theme
    x = _row(state, f"{node.prefix}x", node.index)
    if x is None:
        return
    tex = layer_symbols(trace.spec, node).source(node.step)
    hot = np.flatnonzero(x)
    scale = (
        ColorScale(theme.diverging, -1, 1) if np.abs(x).max(initial=0) <= 1 else symmetric(state, x)
    )
    flow.matrices([Matrix(tex, x[None] if len(x) <= 8 else column(x), scale)])
    if len(hot) == 1 and x[hot[0]] == 1 and len(x) > 1:
        flow.words(f"one-hot: component {int(hot[0])} of {len(x)} is 1, the others are 0")
    else:
        flow.words(f"{len(x)} numbers, length {short(float(np.linalg.norm(x)), 3)}")
    gradient = _row(state, f"dL_d{node.prefix}x", node.index)
    backward = equations_of(trace, node).backward
    if gradient is None or not backward:
        return
    flow.heading("backward", theme.gradient)
    flow.formulas(backward, theme.ink, 14.0)
    units = list(range(min(_TOP, len(gradient))))
    flow.lines(
        [f"∂L/∂x{subscript(node.step)}[{u + 1}] = {signed(float(gradient[u]), 4)}" for u in units]
    )
    flow.lines([f"length {short(float(np.linalg.norm(gradient)), 3)}"], theme.muted)


def attention_section(flow: Flow, state: ViewState, node: Node) -> None:
    """How much each input step counts for one output step."""
    trace, theme = state.trace, state.theme
    flow.formulas(equations_of(trace, node).forward, theme.ink)
    weights = _row(state, "attention", node.index)
    if weights is None:
        return
    best = np.argsort(-weights, kind="stable")[:_TOP]
    read = trace.labels.inputs[state.row] if state.row < len(trace.labels.inputs) else ()
    names = [f"{int(k) + 1}" + (f" “{read[k]}”" if k < len(read) else "") for k in best]
    values = [float(weights[k]) for k in best]
    flow.heading("looks at", theme.output, f"{len(values)} of {len(weights)} inputs")
    flow.bars(names, values, [fixed(v, 3) for v in values], theme.output, 1.0)
