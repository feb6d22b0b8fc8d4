"""The complex step: exact derivatives of a real function from one complex evaluation each.

Im f(x + i·h)/h has no subtraction in it, so h = 1e-30 gives f′ to machine precision
(Squire and Trapp, SIAM Review 40, 1998).
"""

from __future__ import annotations

import numpy as np

from rnnviz.engine import Batch, Network, State
from rnnviz.trace import ModelSpec

STEP = 1e-30


def twin_networks(spec: ModelSpec, seed: int) -> tuple[Network, Network]:
    """The same network in float64 and in complex128."""
    real = Network.create(spec, rng=np.random.default_rng(seed), dtype=np.float64)
    imaginary = Network.create(spec, rng=np.random.default_rng(seed), dtype=np.complex128)
    imaginary.params.flat[:] = real.params.flat
    return real, imaginary


def derivative(
    network: Network, values: np.ndarray, batch: Batch, state: State | None = None
) -> np.ndarray:
    """dL/dvalues: ``values`` is complex and belongs to the network, the batch or the state."""
    result = np.empty(values.shape)
    for place in np.ndindex(*values.shape):
        values[place] += 1j * STEP
        result[place] = complex(network.loss(batch, state)).imag / STEP
        values[place] = values[place].real
    return result


def relative_error(found: np.ndarray, exact: np.ndarray) -> float:
    """Largest deviation, relative to the largest exact entry."""
    return float(np.abs(found - exact).max() / max(np.abs(exact).max(), 1e-300))
