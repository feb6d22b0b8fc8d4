"""The operations of a pass in order, each with its result, made when it is asked for."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.captions import local_step, subscript
from rnnviz.scene.numbers import short, vector
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.timeline import Operation, Timeline
from rnnviz.trace import Trace


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
        if operation.phase == "update":
            return self._update()
        if operation.phase == "backward":
            return self._backward(operation)
        return self._forward(operation)

    def is_backward(self, index: int) -> bool:
        """Whether the line belongs to the backward pass or the update."""
        return self.timeline.operation(index).phase != "forward"

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
        return f"{letter}{subscript(step)}{above}"

    def _token(self, operation: Operation) -> str:
        labels = self.trace.labels
        rows = labels.decoder_inputs if operation.prefix == "decoder_" else labels.inputs
        words = rows[self.row] if self.row < len(rows) else ()
        index = local_step(self.trace, operation.column) - 1
        return f"“{visible_token(words[index])}”" if index < len(words) else ""

    def _forward(self, operation: Operation) -> str:
        spec = self.trace.spec
        if operation.kind == "input":
            x = self._row(f"{operation.prefix}x", operation)
            token = self._token(operation)
            shown = token or (vector(x) if x is not None else "the previous output")
            return f"{self._symbol('x', operation)} = {shown}"
        if operation.kind == "state":
            name = f"{operation.prefix}h_{operation.layer}"
            h = self._row(name, operation)
            made = self._made(operation)
            return f"{self._symbol('h', operation)} = {made} = {vector(h if h is not None else ())}"
        if operation.kind == "output":
            y = self._symbol("y", operation)
            probs = self._row("probs", operation)
            if probs is None:
                logits = self._row("logits", operation)
                return f"{y} = W_hy h + b_y = {vector(logits if logits is not None else ())}"
            best = int(np.argmax(probs))
            classes = self.trace.labels.classes
            word = visible_token(classes[best]) if best < len(classes) else str(best)
            return f"ŷ{y[1:]} = softmax(W_hy h + b_y): “{word}” {float(probs[best]):.0%}"
        loss = self._row("loss", operation)
        value = short(float(loss)) if loss is not None else "?"
        how = "−log p(target)" if spec.loss == "cross-entropy" else "½‖y − y*‖²"
        return f"{self._symbol('L', operation)} = {how} = {value}"

    def _made(self, operation: Operation) -> str:
        spec = self.trace.spec
        back = 1 if operation.layer.endswith("_reverse") else -1
        before, here = self._symbol("h", operation, back), self._symbol("h", operation)
        step = here[1:]
        if spec.cell == "lstm":
            return f"o{step} ⊙ tanh(c{step})"
        if spec.cell == "gru":
            return f"(1−z{step}) ⊙ n{step} + z{step} ⊙ {before}"
        first = int(operation.layer[1:].split("_")[0]) == 0
        below = self._symbol("x", operation) if first else "h below"
        squash = "ReLU" if spec.activation == "relu" else "tanh"
        if spec.cell == "jordan":
            before, recurrent = self._symbol("y", operation, back), "W_yh"
        else:
            recurrent = "W_hh"
        return f"{squash}({recurrent} {before} + W_xh {below} + b_h)"

    def _backward(self, operation: Operation) -> str:
        if operation.kind == "loss":
            mask = self._row("loss_mask", operation)
            weight = short(float(mask)) if mask is not None else "1"
            return f"∂L/∂{self._symbol('L', operation)} = {weight}"
        if operation.kind == "output":
            gradient = self._row("dL_dlogits", operation)
            symbol, how = self._symbol("y", operation), "ŷ − y*"
        else:
            gradient = self._row(f"dL_d{operation.prefix}h_{operation.layer}", operation)
            symbol, how = self._symbol("h", operation), "from above + through time"
        if gradient is None:
            return f"∂L/∂{symbol}"
        length = short(float(np.linalg.norm(gradient.astype(np.float64))))
        return f"∂L/∂{symbol} = {how} = {vector(gradient, digits=3)}, length {length}"

    def _update(self) -> str:
        update = self.trace.update
        if update is None:
            return "W ← W − η ∂L/∂W"
        clipped = ""
        if update.clip is not None and update.clipped_norm < update.grad_norm * (1 - 1e-9):
            clipped = f" (clipped from {short(update.grad_norm)})"
        return (
            f"W ← W − η g ({update.optimizer}): η {short(update.learning_rate)}, "
            f"‖g‖ {short(update.clipped_norm)}{clipped}, ‖ΔW‖ {short(update.update_norm)}"
        )


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
