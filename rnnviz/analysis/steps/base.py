"""What every cell's step has in common: its Jacobian, and pulling gradients back through it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Steps(ABC):
    """The derivative of every step of one layer run.

    The state is s = h (S = H), for the LSTM s = [h; c] (S = 2H). Everything is in processing
    order, so step t's previous state is step t − 1's. ``dense[:, j]`` below means ∂s_t/∂h_{t−1}
    or ∂s_t/∂x_t; what is not dense (the LSTM's ∂s/∂c_{t−1}) is diagonal and kept as vectors.
    """

    def __init__(self, steps: int, hidden_size: int, state_size: int, dtype: Any) -> None:
        self.steps = steps
        self.hidden_size = hidden_size
        self.state_size = state_size
        self.dtype: np.dtype[Any] = np.dtype(dtype)

    @abstractmethod
    def hidden_jacobian(self, t: int) -> Array:
        """∂s_t/∂h_{t−1}: (S, H), in a buffer that the next call overwrites."""

    @abstractmethod
    def input_jacobian(self, t: int) -> Array:
        """∂s_t/∂x_t: (S, D), newly allocated."""

    def jacobian(self, t: int) -> Array:
        """J_t = ∂s_t/∂s_{t−1}: (S, S), newly allocated."""
        return self.hidden_jacobian(t).copy()

    def pull(self, gradients: Array, t: int, out: Array) -> None:
        """``out[k] = J_tᵀ gradients[k]`` for all rows (K, S) in one matrix product.

        ``out`` may not be ``gradients``.
        """
        np.matmul(gradients, self.hidden_jacobian(t), out=out)

    def pull_input(self, gradients: Array, t: int) -> Array:
        """(∂s_t/∂x_t)ᵀ of every row: (K, S) → (K, D)."""
        return np.asarray(gradients @ self.input_jacobian(t))


def weighted_rows(weight: Array, coefficient: Array, out: Array) -> None:
    """``out = diag(coefficient) weight``: (H, N) from (H,) and (H, N)."""
    np.multiply(weight, coefficient[:, None], out=out)
