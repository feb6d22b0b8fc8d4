"""The operations of a pass in order, each with its result, made when it is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from rnnviz.scene.activations import applied
from rnnviz.scene.captions import PART_MARKS, local_step, subscript
from rnnviz.scene.graph.silence import silence_of
from rnnviz.scene.numbers import percent, short, vector
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.timeline import Operation, Timeline
from rnnviz.scene.totals import over_batch
from rnnviz.scene.update_rules import UNKNOWN, rule_name, update_figures, update_words
from rnnviz.trace import ModelSpec, Trace

Forms = tuple[str, ...]
"""The same said in several ways, from long to short."""
PADDING = "padding"
_FEW = 4
"""Numbers of a vector that are written out."""


class StepList:
    """Line `index` describes operation `index` of the timeline; nothing is computed beforehand.

    `row` is the sequence of the batch whose numbers are shown.
    """

    def __init__(self, trace: Trace, timeline: Timeline, row: int = 0) -> None:
        self.trace = trace
        self.timeline = timeline
        self.row = row

    def __len__(self) -> int:
        return len(self.timeline)

    def text(self, index: int) -> str:
        """One line: ``h₃ = tanh(W_hh h₂ + W_xh x₃ + b_h) = [−0.94, −0.90, 0.10]``."""
        operation = self.timeline.operation(index)
        made, result = self.parts(index)
        if result == PADDING:
            return f"{made}: {result}"
        if operation.phase == "update":
            return f"{made}: {self._figures()}{result}" if result else made
        more = self._more(operation)
        return f"{made} = {result}{more}" if result else made

    def parts(self, index: int) -> tuple[str, str]:
        """What is computed and how, and what comes out."""
        made, result = self.forms(index)
        return made[0], result[0]

    def forms(self, index: int) -> tuple[Forms, Forms]:
        """The same, each from long to short: what a narrow panel has room for says less, but is
        never cut in the middle of a formula."""
        operation = self.timeline.operation(index)
        if operation.phase == "update":
            return self._update()
        backward = operation.phase == "backward"
        made, results = self._backward(operation) if backward else self._forward(operation)
        if operation.column in self._padding:
            # The sequence is over: what stands in the arrays there was not made from anything.
            return made[-1:], (PADDING,)
        return made, results

    def is_backward(self, index: int) -> bool:
        """Whether the line belongs to the backward pass or the update."""
        return self.timeline.operation(index).phase != "forward"

    @cached_property
    def _padding(self) -> frozenset[int]:
        return silence_of(self.trace, self.row, range(self.trace.columns)).padding

    def _row(self, name: str, operation: Operation) -> Values | None:
        values = self.trace.get(name)
        if values is None:
            return None
        part = next(p for p in self.trace.parts if p.start <= operation.column < p.stop)
        index = operation.column - part.start
        if not 0 <= index < len(values):
            return None
        if values.ndim == 1:
            return np.asarray(values[index])
        found: Values = values[index, min(self.row, values.shape[1] - 1)]
        return found

    def _symbol(self, letter: str, operation: Operation, offset: int = 0) -> str:
        step = local_step(self.trace, operation.column) + offset
        layer = operation.layer
        above = ""
        if letter in ("h", "c", "a") and layer:
            number = int(layer[1:].split("_")[0]) + 1
            above = f"⁽{_superscript(number)}⁾" if self.trace.spec.layers > 1 else ""
            above += "←" if layer.endswith("_reverse") else ""
        part = PART_MARKS[operation.prefix] if letter in ("x", "h", "c") else ""
        return f"{letter}{subscript(step)}{part}{above}"

    def _token(self, operation: Operation) -> str:
        labels = self.trace.labels
        rows = labels.decoder_inputs if operation.prefix == "decoder_" else labels.inputs
        words = rows[self.row] if self.row < len(rows) else ()
        index = local_step(self.trace, operation.column) - 1
        return f"“{visible_token(words[index])}”" if index < len(words) else ""

    def _forward(self, operation: Operation) -> tuple[Forms, Forms]:
        spec = self.trace.spec
        if operation.kind == "input":
            x = self._row(f"{operation.prefix}x", operation)
            token = self._token(operation)
            shown: Forms = (token,) if token else ("the previous output",)
            if x is not None and not token:
                shown = (vector(x), *_result(x))
            return (self._symbol("x", operation),), shown
        if operation.kind == "state":
            name = f"{operation.prefix}h_{operation.layer}"
            h = self._row(name, operation)
            symbol, (made, *short_ways) = self._symbol("h", operation), self._made(operation)
            ways = (f"{symbol} = {made}", *(f"{symbol} {way}" for way in short_ways), symbol)
            return ways, _result(h)
        if operation.kind == "output":
            y, read = self._symbol("y", operation), _read_by_output(spec)
            probs = self._row("probs", operation)
            if probs is None:
                logits = self._row("logits", operation)
                return (f"{y} = W_hy {read} + b_y", f"{y} from {read}", y), _result(logits)
            best = int(np.argmax(probs))
            classes = self.trace.labels.classes
            word = visible_token(classes[best]) if best < len(classes) else str(best)
            said, sure = f"ŷ{y[1:]}", percent(float(probs[best]))
            ways = (f"{said} = softmax(W_hy {read} + b_y)", f"{said} = softmax({y})", said)
            return ways, (f"“{word}” {sure}",)
        loss = self._row("loss", operation)
        value = short(float(loss)) if loss is not None else "?"
        how = "−log p(target)" if spec.loss == "cross-entropy" else "½‖y − y*‖²"
        symbol = self._symbol("L", operation)
        return (f"{symbol} = {how}", symbol), (value,)

    def _made(self, operation: Operation) -> Forms:
        """How a state comes about: its formula, and in short what it is made from."""
        spec = self.trace.spec
        back = 1 if operation.layer.endswith("_reverse") else -1
        before, here = self._symbol("h", operation, back), self._symbol("h", operation)
        step = here[1:]
        if spec.cell == "lstm":
            shown = f"LN(c{step}) + b_c" if spec.layer_norm else f"c{step}"
            return f"o{step} ⊙ tanh({shown})", f"from o{step}, c{step}"
        if spec.cell == "gru":
            formula = f"(1−z{step}) ⊙ n{step} + z{step} ⊙ {before}"
            return formula, f"from n{step}, z{step}, {before}"
        first = int(operation.layer[1:].split("_")[0]) == 0
        below = self._symbol("x", operation) if first else "h below"
        if spec.cell == "jordan":
            before, recurrent = self._symbol("y", operation, back), "W_yh"
        else:
            recurrent = "W_hh"
        products = (f"{recurrent} {before}", f"W_xh {below}")
        if spec.layer_norm:
            products = (f"LN({products[0]})", f"LN({products[1]})")
        formula = applied(spec.activation, f"{products[0]} + {products[1]} + b_h")
        return formula, f"from {before}, {below}"

    def _backward(self, operation: Operation) -> tuple[Forms, Forms]:
        if operation.kind == "loss":
            mask = self._row("loss_mask", operation)
            weight = float(mask) if mask is not None else 1.0
            symbol, count = self._symbol("L", operation), self.trace.batch_size
            if count > 1 and math.isclose(weight * count, 1.0, rel_tol=1e-5):
                why = f"L is the {over_batch(self.trace)} sequences"
                return (f"∂L/∂{symbol}",), (f"1/{count} ({why})", f"1/{count}")
            return (f"∂L/∂{symbol}",), (short(weight),)
        how: Forms
        jordan = self.trace.spec.cell == "jordan"
        if operation.kind == "output":
            symbol = self._symbol("y", operation)
            how = ("ŷ − y* + through time", "ŷ − y* + time") if jordan else ("ŷ − y*",)
        else:
            symbol = self._symbol("h", operation)
            how = ("from above",) if jordan else ("from above + through time", "above + time")
        gradient, whole = self._gradient(operation), f"∂L/∂{symbol}"
        if gradient is None:
            return (whole,), ("",)
        return (*(f"{whole} = {each}" for each in how), whole), _result(gradient, 3)

    def _update(self) -> tuple[Forms, Forms]:
        update = self.trace.update
        if update is None:
            return (UNKNOWN,), ("",)
        words, name = update_words(update), rule_name(update.optimizer)
        return (f"{words} ({name})", words, name), (f"‖ΔW‖ {short(update.update_norm)}",)

    def _more(self, operation: Operation) -> str:
        """What a whole line adds: the length of numbers written out, how many are not."""
        if operation.kind not in ("state", "output"):
            return ""
        backward = operation.phase == "backward"
        if not backward and operation.kind == "output":
            return ""
        name = f"{operation.prefix}h_{operation.layer}"
        values = self._gradient(operation) if backward else self._row(name, operation)
        if values is None:
            return ""
        if len(values) > _FEW:
            return f" ({len(values)} numbers)"
        return f", length {_norm(values)}" if backward else ""

    def _gradient(self, operation: Operation) -> Values | None:
        name = f"{operation.prefix}h_{operation.layer}" if operation.kind == "state" else "logits"
        return self._row(f"dL_d{name}", operation)

    def _figures(self) -> str:
        """What went into the update."""
        update = self.trace.update
        if update is None:
            return ""
        return "".join(f"{symbol} {number}, " for symbol, number in update_figures(update))


def _read_by_output(spec: ModelSpec) -> str:
    """What W_hy is applied to: h, or what has been made of the states."""
    if spec.attention != "none":
        return "h̃"
    pooled = {"mean": "h̄", "max": "max h"}.get(spec.head)
    summed = spec.dropout > 0.0 or (spec.residual and spec.layers > 1)
    return pooled or ("u" if summed else "h")


def laid_out(
    made: Forms, results: Forms, room: float, gap: float, width: Callable[[str], float]
) -> tuple[str, str]:
    """What made something and what came out, side by side in a `room`, `gap` apart: the longest
    forms that fit, the result being kept longer than the way to it. `width` measures a text."""
    for result in results:
        taken = width(result) + gap if result else 0.0
        for way in made:
            if width(way) + taken <= room:
                return way, result
    return made[-1], results[-1]


def _result(values: Values | None, digits: int = 2) -> Forms:
    """A few numbers themselves, in short their length; of more, their length."""
    if values is None:
        return ("",)
    length = f"length {_norm(values)}"
    return (vector(values, digits=digits), length) if len(values) <= _FEW else (length,)


def _norm(values: Values) -> str:
    return short(float(np.linalg.norm(values.astype(np.float64))))


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
