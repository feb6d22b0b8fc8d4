"""Optimisers: each turns a gradient into an update of one flat vector, in place.

The formulas are PyTorch's, conventions included (weight decay added to the gradient except in
AdamW, epsilon outside the square root, momentum without dampening); only that no ε is so small
that 0/0 comes of a number whose gradient was always 0. θ: parameters, g: gradient, η: learning
rate, λ: weight decay, t: iteration from 1; all vector operations elementwise.
"""

from __future__ import annotations

import inspect
import math

import numpy as np

from rnnviz.engine.optimizer import Optimizer, within
from rnnviz.engine.parameters import Parameters
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array

add, multiply, subtract = np.add, np.multiply, np.subtract
divide, sqrt, square = np.divide, np.sqrt, np.square


class SGD(Optimizer):
    """g ← g + λθ; θ ← θ − ηg."""

    name = "sgd"
    default_learning_rate = 0.1

    def __init__(
        self, params: Parameters | Array, learning_rate: float, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, learning_rate, weight_decay)
        self._eta = self._constant(learning_rate)
        self._lambda = self._constant(self._weight_decay)

    def _begin(self) -> None:
        self._eta[()] = self._learning_rate

    def _decayed(self, theta: Array, g: Array, t: Array) -> Array:
        """g + λθ, in ``t``."""
        multiply(theta, self._lambda, t)
        add(t, g, t)
        return t

    def _update(self, *chunk: Array) -> None:
        theta, g, t = chunk
        if self._weight_decay:
            g = self._decayed(theta, g, t)
        multiply(g, self._eta, t)
        subtract(theta, t, theta)


class Momentum(SGD):
    """b ← μb + g; θ ← θ − ηb (heavy ball, Polyak 1964, in PyTorch's scaling)."""

    name = "momentum"
    averages = ("velocity",)

    def __init__(
        self,
        params: Parameters | Array,
        learning_rate: float,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, learning_rate, weight_decay)
        self._mu = self._constant(within("momentum", momentum, 0.0, 1.0))

    def _update(self, *chunk: Array) -> None:
        theta, g, b, t = chunk
        if self._weight_decay:
            g = self._decayed(theta, g, t)
        multiply(b, self._mu, b)
        add(b, g, b)
        multiply(b, self._eta, t)
        subtract(theta, t, theta)


class Nesterov(Momentum):
    """b ← μb + g; θ ← θ − η(g + μb) (Sutskever et al. 2013, as PyTorch writes it)."""

    name = "nesterov"

    def _update(self, *chunk: Array) -> None:
        theta, g, b, t = chunk
        if self._weight_decay:
            g = self._decayed(theta, g, t)
        multiply(b, self._mu, b)
        add(b, g, b)
        multiply(g, self._eta, t)
        subtract(theta, t, theta)
        multiply(b, self._mu, t)
        multiply(t, self._eta, t)
        subtract(theta, t, theta)


class Adagrad(SGD):
    """s ← s + g²; θ ← θ − ηg/(√s + ε) (Duchi, Hazan, Singer 2011)."""

    name = "adagrad"
    averages = ("sum_of_squares",)

    def __init__(
        self,
        params: Parameters | Array,
        learning_rate: float,
        epsilon: float = 1e-10,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, learning_rate, weight_decay)
        self._epsilon = self._constant(self._nonzero(epsilon))
        self._decay = np.empty_like(self._scratch)

    def _accumulate(self, g: Array, s: Array, t: Array) -> None:
        square(g, t)
        add(s, t, s)

    def _update(self, *chunk: Array) -> None:
        theta, g, s, t = chunk
        if self._weight_decay:
            g = self._decayed(theta, g, self._decay[: t.size])
        self._accumulate(g, s, t)
        sqrt(s, t)
        add(t, self._epsilon, t)
        divide(g, t, t)
        multiply(t, self._eta, t)
        subtract(theta, t, theta)


class RMSprop(Adagrad):
    """s ← αs + (1−α)g²; θ ← θ − ηg/(√s + ε) (Tieleman, Hinton 2012).

    ``s`` is kept as s/(1−α), which saves one pass over the vector.
    """

    name = "rmsprop"
    averages = ("scaled_square",)

    def __init__(
        self,
        params: Parameters | Array,
        learning_rate: float,
        alpha: float = 0.99,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, learning_rate, epsilon, weight_decay)
        self._alpha = self._constant(within("alpha", alpha, 0.0, 1.0))
        self._scale = math.sqrt(1.0 - alpha)
        self._epsilon[()] = self._nonzero(epsilon) / self._scale

    def _begin(self) -> None:
        self._eta[()] = self._learning_rate / self._scale

    def _accumulate(self, g: Array, s: Array, t: Array) -> None:
        multiply(s, self._alpha, s)
        square(g, t)
        add(s, t, s)


class Adam(SGD):
    """m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η m̂/(√v̂ + ε) (Kingma, Ba 2015).

    m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ). Kept are m/(1−β₁) and v/(1−β₂); the constants and both
    corrections go into two scalars, which leaves ten passes over the vector.
    """

    name = "adam"
    averages = ("scaled_mean", "scaled_square")
    default_learning_rate = 0.001

    def __init__(
        self,
        params: Parameters | Array,
        learning_rate: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, learning_rate, weight_decay)
        self._beta1, self._beta2 = within("beta1", beta1, 0, 1), within("beta2", beta2, 0, 1)
        self._b1, self._b2 = self._constant(beta1), self._constant(beta2)
        self._given_epsilon = self._nonzero(epsilon)
        self._epsilon = self._constant(epsilon)
        self._decay = np.empty_like(self._scratch)

    def _begin(self) -> None:
        first = (1.0 - self._beta1) / (1.0 - self._beta1**self.iterations)
        second = math.sqrt((1.0 - self._beta2**self.iterations) / (1.0 - self._beta2))
        self._eta[()] = self._learning_rate * first * second
        self._epsilon[()] = self._given_epsilon * second

    def _update(self, *chunk: Array) -> None:
        theta, g, m, v, t = chunk
        if self._weight_decay:
            g = self._decayed(theta, g, self._decay[: t.size])
        multiply(m, self._b1, m)
        add(m, g, m)
        square(g, t)
        multiply(v, self._b2, v)
        add(v, t, v)
        sqrt(v, t)
        add(t, self._epsilon, t)
        divide(m, t, t)
        multiply(t, self._eta, t)
        subtract(theta, t, theta)


class AdamW(Adam):
    """θ ← (1 − ηλ)θ, then Adam without λ in the gradient (Loshchilov, Hutter 2019)."""

    name = "adamw"

    def __init__(
        self,
        params: Parameters | Array,
        learning_rate: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, learning_rate, beta1, beta2, epsilon)
        self._shrink = within("weight_decay", weight_decay, 0.0, math.inf)
        self._kept = self._constant(1.0)

    @property
    def weight_decay(self) -> float:
        return self._shrink

    def _begin(self) -> None:
        super()._begin()
        self._kept[()] = 1.0 - self._learning_rate * self._shrink

    def _update(self, *chunk: Array) -> None:
        multiply(chunk[0], self._kept, chunk[0])
        super()._update(*chunk)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    rule.name: rule for rule in (SGD, Momentum, Nesterov, Adagrad, RMSprop, Adam, AdamW)
}


def make_optimizer(
    name: str,
    params: Parameters | Array,
    learning_rate: float | None = None,
    **options: float,
) -> Optimizer:
    """The optimiser of that name for ``params``, which it will update in place.

    ``options`` are the keyword arguments of its class (``weight_decay``, ``beta1``, …);
    without a ``learning_rate`` the usual one of that optimiser is taken.

    Raises:
        UserError: if there is no such optimiser or option, or a value is out of range.
    """
    rule = OPTIMIZERS.get(name)
    if rule is None:
        raise UserError(f"there is no optimiser {name!r}; use one of {', '.join(OPTIMIZERS)}")
    known = [p for p in inspect.signature(rule).parameters if p not in ("params", "learning_rate")]
    unknown = [option for option in options if option not in known]
    if unknown:
        raise UserError(
            f"the optimiser {name} has no option {', '.join(unknown)}; it has {', '.join(known)}"
        )
    rate = rule.default_learning_rate if learning_rate is None else learning_rate
    return rule(params, rate, **options)
