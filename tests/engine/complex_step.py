"""The complex step: exact derivatives of a real function from one complex evaluation each.

Im f(x + i·h)/h has no subtraction in it, so h = 1e-30 gives f′ to machine precision
(Squire and Trapp, SIAM Review 40, 1998).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.engine import Network
from rnnviz.trace import ModelSpec

STEP = 1e-30


def twin_networks(spec: ModelSpec, seed: int) -> tuple[Network, Network]:
    """The same network in float64 and in complex128; no parameter is at a special value."""
    rng = np.random.default_rng(seed)
    real = Network.create(spec, rng=rng, dtype=np.float64)
    imaginary = Network.create(spec, rng=rng, dtype=np.complex128)
    real.params.flat[:] = rng.uniform(-0.9, 0.9, real.params.flat.size)
    imaginary.params.flat[:] = real.params.flat
    return real, imaginary


def derivative(values: np.ndarray, loss: Callable[[], complex]) -> np.ndarray:
    """d loss / d values, where ``loss`` reads the complex array ``values``."""
    result = np.empty(values.shape)
    for place in np.ndindex(*values.shape):
        values[place] += 1j * STEP
        result[place] = complex(loss()).imag / STEP
        values[place] = values[place].real
    return result


def relative_error(found: np.ndarray, exact: np.ndarray) -> float:
    """Largest deviation, relative to the largest exact entry (or to 1e-2, if all are smaller)."""
    return float(np.abs(found - exact).max() / max(np.abs(exact).max(), 1e-2))
