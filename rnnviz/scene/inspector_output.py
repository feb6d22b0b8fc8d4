"""Outputs, inputs and attention of one step: softmax, and the gradient p − target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations import equations_of, layer_symbols
from rnnviz.scene.equations_output import top_state
from rnnviz.scene.handover import true_steps
from rnnviz.scene.inspector_flow import Flow
from rnnviz.scene.inspector_matrices import column, symmetric
from rnnviz.scene.inspector_node import Node, gradient_is_known
from rnnviz.scene.inspector_numbers import Matrix
from rnnviz.scene.inspector_terms import shown_units, which_units
from rnnviz.scene.inspector_words import stack_words
from rnnviz.scene.numbers import exactly, short, signed_writer, term
from rnnviz.scene.sampled import drawn_classes
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_far import target_classes
from rnnviz.scene.strips_outputs import class_word, top_classes
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.trace.many import many

_TOP = 6


def at_row(state: ViewState, name: str, index: int) -> Values | None:
    """What an array of the outputs has for the shown sequence at a step; None where nothing."""
    values = state.trace.get(name)
    if values is None or not 0 <= index < len(values):
        return None
    found: Values = values[index, min(state.row, values.shape[1] - 1)]
    return found


def listed_classes(state: ViewState, node: Node) -> list[int]:
    """The classes worth a line: all of a small vocabulary, else the likeliest and the target."""
    logits = at_row(state, "logits", node.index)
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
    equations = equations_of(trace, node, state.row)
    flow.formulas(equations.forward, theme.ink)
    logits = at_row(state, "logits", node.index)
    if logits is None:
        return
    matrix = trace.get("W_hy")
    if matrix is not None:
        flow.matrices(_product(state, node, matrix, logits))
    probs = at_row(state, "probs", node.index)
    target, drawn = _marked(state, node)
    classes = listed_classes(state, node)
    note = "" if len(classes) == len(logits) else f"{len(classes)} of {len(logits)} classes"
    flow.heading("forward", theme.output, note)
    if probs is None:
        _regression(flow, state, node, logits, classes)
    else:
        names = [f"“{class_word(state, c)}" for c in classes]
        ends = ["” ◂" if c == target else "”" for c in classes]
        texts = [f"{exactly(float(probs[c]))}  (y {term(float(logits[c]), 2)})" for c in classes]
        flow.bars(names, [float(probs[c]) for c in classes], texts, theme.output, 1.0, ends=ends)
        if target >= 0:
            # What was drawn may have been drawn at another temperature.
            mark, at = ("drawn", " at temperature 1") if drawn else ("the target", "")
            flow.words(f"◂ {mark}; bars show p = softmax(y){at}, from 0 to 1", 10.0)
    _backward(flow, state, node, classes)


def _product(state: ViewState, node: Node, matrix: Values, logits: Values) -> list[Matrix]:
    """W_hy h + b_y = y: with what the output reads where the trace holds just that."""
    shown = [Matrix("W_{hy}", matrix, symmetric(state, matrix), "W_hy")]
    said = Matrix(f"y_{{{node.step}}}", column(logits), symmetric(state, logits))
    bias, found = state.trace.get("b_y"), _read(state, node, matrix, logits)
    if bias is None or found is None:
        return [*shown, said]
    tex, read = found
    shown.append(Matrix(tex, column(read), state.theme.states))
    shown.append(Matrix("b_{y}", column(bias), symmetric(state, bias), before="+"))
    return [*shown, replace(said, before="=")]


def _read(
    state: ViewState, node: Node, matrix: Values, logits: Values
) -> tuple[str, Values] | None:
    """Symbol and numbers of what W_hy is applied to, if its product is what was recorded."""
    trace, prefix = state.trace, node.part.prefix
    top = trace.spec.layer_names(prefix)[-1]
    for name in ("attended", "pooled", f"{prefix}h_{top}"):
        values = trace.get(name)
        if values is None or not 0 <= node.index < len(values):
            continue
        read = values[node.index, min(state.row, values.shape[1] - 1)]
        if len(read) != matrix.shape[1]:
            continue
        product = matrix.astype(np.float64) @ read + trace["b_y"]
        if np.allclose(product, logits, rtol=1e-3, atol=1e-3):
            return top_state(trace.spec, node.step), read
    return None


def _marked(state: ViewState, node: Node) -> tuple[int, bool]:
    """The class to point out, -1 for none, and whether it was drawn instead of asked for."""
    if state.trace.mode == "sample" and "sampled" in state.trace:
        return int(drawn_classes(state, node.part)[node.index]), True
    return int(target_classes(state, node.part.steps)[node.index]), False


def _regression(
    flow: Flow, state: ViewState, node: Node, said: Values, components: list[int]
) -> None:
    """What is said beside what should be said."""
    wanted = at_row(state, "targets", node.index)
    columns = [("said", said)]
    if wanted is not None and wanted.shape == said.shape and _counts(state, node):
        columns += [("wanted y*", wanted), ("y − y*", said - wanted)]
    header = (f"y{subscript(node.step)}", *(name for name, _ in columns))
    rows = [
        (f"[{class_word(state, c)}]", *(term(float(values[c])) for _, values in columns))
        for c in components
    ]
    flow.table(header, rows, (state.theme.muted, state.theme.ink, state.theme.ink))


def _counts(state: ViewState, node: Node) -> bool:
    """Whether the output of the step is asked for."""
    mask = at_row(state, "loss_mask", node.index)
    return mask is None or float(mask) > 0


def _backward(flow: Flow, state: ViewState, node: Node, classes: list[int]) -> None:
    theme = state.theme
    gradient = at_row(state, "dL_dlogits", node.index)
    equations = equations_of(state.trace, node, state.row).backward
    if gradient is None or not equations:
        return
    reached = gradient_is_known(state, node)
    flow.heading("backward", theme.gradient, "" if reached else "the cursor is not there yet")
    flow.formulas(equations, theme.ink, 14.0)
    write = signed_writer(float(np.abs(gradient).max(initial=0.0)))
    flow.lines(
        [
            f"∂L/∂y{subscript(node.step)}[{class_word(state, c)}] = {write(float(gradient[c]))}"
            for c in classes
        ]
    )
    flow.lines([f"length {_length(gradient)}"], theme.muted)


def _length(values: Values) -> str:
    """Of float32 numbers of any size: squares of small ones are 0 in their own precision."""
    return short(float(np.linalg.norm(values.astype(np.float64))), 3)


def input_section(flow: Flow, state: ViewState, node: Node) -> None:
    """What a step reads, and the gradient that arrives there."""
    trace, theme = state.trace, state.theme
    x = at_row(state, f"{node.prefix}x", node.index)
    if x is None:
        return
    flow.formulas(equations_of(trace, node, state.row).forward, theme.ink)
    tex = layer_symbols(trace.spec, node).source(node.step)
    hot = np.flatnonzero(x)
    scale = (
        ColorScale(theme.diverging, -1, 1) if np.abs(x).max(initial=0) <= 1 else symmetric(state, x)
    )
    flow.matrices([Matrix(tex, x[None] if len(x) <= 8 else column(x), scale)])
    if len(hot) == 1 and x[hot[0]] == 1 and len(x) > 1:
        flow.words(f"one-hot: component {int(hot[0]) + 1} of {len(x)} is 1, the others are 0")
    else:
        flow.words(f"{many(len(x), 'number')}, length {_length(x)}")
    gradient = at_row(state, f"dL_d{node.prefix}x", node.index)
    backward = equations_of(trace, node, state.row).backward
    if gradient is None or not backward:
        return
    flow.heading("backward", theme.gradient)
    flow.formulas(backward, theme.ink, 14.0)
    flow.words(stack_words(trace.spec, "xh"), 10.0)
    chosen = int(hot[0]) if len(hot) == 1 else -1
    units = shown_units(gradient, chosen, _TOP)
    write = signed_writer(float(np.abs(gradient).max(initial=0.0)))
    flow.lines(
        [f"∂L/∂x{subscript(node.step)}[{u + 1}] = {write(float(gradient[u]))}" for u in units]
    )
    flow.lines([f"length {_length(gradient)}"], theme.muted)
    if len(units) < len(gradient):
        named = which_units(len(units), gradient, chosen=chosen >= 0)
        flow.words(f"{named}; the length is of all", 10.0)


def attention_section(flow: Flow, state: ViewState, node: Node) -> None:
    """How much each input step counts for one output step."""
    trace, theme = state.trace, state.theme
    flow.formulas(equations_of(trace, node, state.row).forward, theme.ink)
    weights = at_row(state, "attention", node.index)
    if weights is None:
        return
    # Of a padded input only what there is to look at.
    weights = weights[: true_steps(trace, trace.parts[0].prefix, state.row)]
    best = np.argsort(-weights, kind="stable")[:_TOP]
    read = trace.labels.inputs[state.row] if state.row < len(trace.labels.inputs) else ()
    words = [f" “{visible_token(read[k])}”" if k < len(read) else "" for k in best]
    names = [f"{int(k) + 1}{word}" for k, word in zip(best, words, strict=True)]
    values = [float(weights[k]) for k in best]
    flow.heading("looks at", theme.output, f"{len(values)} of {len(weights)} inputs")
    flow.bars(names, values, [exactly(v) for v in values], theme.output, 1.0)
    gradient, backward = (
        at_row(state, "dL_dattention", node.index),
        equations_of(trace, node, state.row).backward,
    )
    if gradient is None or not backward:
        return
    flow.heading("backward", theme.gradient)
    flow.formulas(backward, theme.ink, 14.0)
    write = signed_writer(float(np.abs(gradient).max(initial=0.0)))
    rows = [(name, write(float(gradient[k]))) for name, k in zip(names, best, strict=True)]
    flow.table(("input", f"∂L/∂α{subscript(node.step)}"), rows)
