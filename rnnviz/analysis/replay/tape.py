"""A tape: NumPy operations that remember how to go back (reverse-mode differentiation).

Slow and plain on purpose: every operation of an edited pass is one node in float64, so that
whatever an edit cuts or changes, the backward pass is the derivative of exactly what ran.
Source: Griewank & Walther, *Evaluating Derivatives* (2008), on the reverse mode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Back = Callable[[Array], None]


class Tape:
    """The list of nodes in the order in which they were computed."""

    def __init__(self) -> None:
        self.nodes: list[Var] = []

    def leaf(self, value: Array) -> Var:
        """A value nothing on the tape computed: a parameter, an input, a first state."""
        return Var(np.asarray(value, dtype=np.float64), self, None)

    def backward(self, root: Var) -> None:
        """Fill ``grad`` of every node with ∂root/∂node; ``root`` is a scalar ()."""
        root.accumulate(np.ones_like(root.value))
        for node in reversed(self.nodes):
            if node.grad is not None and node.back is not None:
                node.back(node.grad)


class Var:
    """One value on the tape: its number(s), its gradient, and the way back to its causes."""

    __slots__ = ("back", "grad", "tape", "value")

    def __init__(self, value: Array, tape: Tape, back: Back | None) -> None:
        self.value = value
        self.tape = tape
        self.back = back
        self.grad: Array | None = None
        tape.nodes.append(self)

    @property
    def gradient(self) -> Array:
        """The gradient, zeros where nothing depends on this value."""
        return np.zeros_like(self.value) if self.grad is None else self.grad

    def accumulate(self, gradient: Array) -> None:
        """Add what one use of this value sends back, summed over broadcast axes."""
        gradient = _unbroadcast(gradient, self.value.shape)
        self.grad = gradient.copy() if self.grad is None else self.grad + gradient

    def _unary(self, value: Array, slope: Array) -> Var:
        return Var(value, self.tape, lambda g: self.accumulate(g * slope))

    def __add__(self, other: Var | Array | float) -> Var:
        if isinstance(other, Var):

            def back(g: Array) -> None:
                self.accumulate(g)
                other.accumulate(g)

            return Var(self.value + other.value, self.tape, back)
        return Var(self.value + other, self.tape, self.accumulate)

    def __mul__(self, other: Var | Array | float) -> Var:
        if isinstance(other, Var):

            def back(g: Array) -> None:
                self.accumulate(g * other.value)
                other.accumulate(g * self.value)

            return Var(self.value * other.value, self.tape, back)
        return Var(self.value * other, self.tape, lambda g: self.accumulate(g * other))

    def __sub__(self, other: Var | Array | float) -> Var:
        return self + (other * -1.0 if isinstance(other, Var) else -np.asarray(other))

    def one_minus(self) -> Var:
        """1 − v."""
        return Var(1.0 - self.value, self.tape, lambda g: self.accumulate(-g))

    def through(self, weight: Var) -> Var:
        """``weight`` (M, N) acting on every row of v (B, N): ``v @ weight.T`` (B, M)."""

        def back(g: Array) -> None:
            self.accumulate(g @ weight.value)
            weight.accumulate(g.T @ self.value)

        return Var(self.value @ weight.value.T, self.tape, back)

    def tanh(self) -> Var:
        value = np.tanh(self.value)
        return self._unary(value, 1.0 - value * value)

    def sigmoid(self) -> Var:
        value = 0.5 * np.tanh(0.5 * self.value) + 0.5
        return self._unary(value, value * (1.0 - value))

    def relu(self) -> Var:
        return self._unary(np.maximum(self.value, 0.0), (self.value > 0.0).astype(np.float64))

    def softmax(self) -> Var:
        """Over the last axis; rows of −inf scores weigh nothing."""
        raised = np.exp(self.value - self.value.max(axis=-1, keepdims=True))
        p = raised / raised.sum(axis=-1, keepdims=True)

        def back(g: Array) -> None:
            self.accumulate(p * (g - (g * p).sum(axis=-1, keepdims=True)))

        return Var(p, self.tape, back)

    def block(self, start: int, stop: int) -> Var:
        """Components ``start:stop`` of the last axis."""

        def back(g: Array) -> None:
            whole = np.zeros_like(self.value)
            whole[..., start:stop] = g
            self.accumulate(whole)

        return Var(self.value[..., start:stop], self.tape, back)

    def rows(self, ids: Array) -> Var:
        """Rows ``ids`` (B,) of a matrix (N, E): (B, E), the lookup of an embedding."""

        def back(g: Array) -> None:
            whole = np.zeros_like(self.value)
            np.add.at(whole, ids, g)
            self.accumulate(whole)

        return Var(self.value[ids], self.tape, back)

    def same(self) -> Var:
        """A second name for this value, whose gradient is kept apart from the other uses."""
        return Var(self.value, self.tape, self.accumulate)

    def replaced(self, value: Array, passes: Array) -> Var:
        """This value overwritten by ``value``; gradient goes back only where ``passes`` is 1."""
        return Var(value, self.tape, lambda g: self.accumulate(g * passes))

    def sum(self) -> Var:
        """The sum of all components, a scalar ()."""
        shape = self.value.shape
        total = np.asarray(self.value.sum())
        return Var(total, self.tape, lambda g: self.accumulate(np.broadcast_to(g, shape)))

    def last_axis_sum(self) -> Var:
        """Σ over the last axis, kept as an axis of length one."""
        shape = self.value.shape
        total = self.value.sum(axis=-1, keepdims=True)
        return Var(total, self.tape, lambda g: self.accumulate(np.broadcast_to(g, shape)))

    def inverse_root(self) -> Var:
        """v^(−1/2)."""
        value = self.value**-0.5
        return self._unary(value, -0.5 * value / self.value)


def concatenate(parts: list[Var]) -> Var:
    """Along the last axis."""
    stops = np.cumsum([part.value.shape[-1] for part in parts])

    def back(g: Array) -> None:
        for part, stop in zip(parts, stops, strict=True):
            part.accumulate(g[..., stop - part.value.shape[-1] : stop])

    return Var(np.concatenate([part.value for part in parts], axis=-1), parts[0].tape, back)


def stack(parts: list[Var]) -> Var:
    """(B, N) values of T steps as one (T, B, N)."""

    def back(g: Array) -> None:
        for part, row in zip(parts, g, strict=True):
            part.accumulate(row)

    return Var(np.stack([part.value for part in parts]), parts[0].tape, back)


def choose(mask: Array, yes: Var, no: Var) -> Var:
    """``yes`` where ``mask`` (B, 1) holds, else ``no``: padded steps keep the old state."""

    def back(g: Array) -> None:
        yes.accumulate(np.where(mask, g, 0.0))
        no.accumulate(np.where(mask, 0.0, g))

    return Var(np.where(mask, yes.value, no.value), yes.tape, back)


def _unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    if gradient.shape == shape:
        return gradient
    surplus = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(surplus)))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and gradient.shape[i] != 1)
    return gradient.sum(axis=stretched, keepdims=True) if stretched else gradient


def cross_entropy(logits: Var, targets: Array) -> Var:
    """L = −log softmax(y)[target] of each row: (B, V), (B,) → (B,); 0 where the target is −1."""
    y = logits.value
    shifted = y - y.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    known = targets >= 0
    rows = np.flatnonzero(known)
    loss = np.zeros(len(y))
    loss[rows] = -log_p[rows, targets[rows]]

    def back(g: Array) -> None:
        slope = np.exp(log_p)
        slope[rows, targets[rows]] -= 1.0
        slope[~known] = 0.0
        logits.accumulate(slope * g[:, None])

    return Var(loss, logits.tape, back)


def squared_error(outputs: Var, targets: Array) -> Var:
    """L = ½ Σ_v (y_v − target_v)² of each row: (B, V) → (B,)."""
    error = outputs.value - targets
    loss = 0.5 * (error * error).sum(axis=-1)
    return Var(loss, outputs.tape, lambda g: outputs.accumulate(error * g[:, None]))
