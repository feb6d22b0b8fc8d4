"""How the numbers of a new network start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from rnnviz.engine.parameters import Parameters
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

InputScheme = Literal["uniform", "xavier", "normal", "orthogonal"]
Scheme = Literal[InputScheme, "identity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """The recipe; ``scheme`` fills the recurrent matrices, ``inputs`` (default: the same,
    Xavier for orthogonal, normal for identity) all other matrices.

    - uniform: U(±1/√H) in the cells, U(±1/√fan_in) elsewhere, biases too (PyTorch's default);
      the biases of a context (b_ch) and of a normalised c (b_c) like that of the output layer
    - xavier: U(±√(6 / (fan_in + fan_out))) for each gate (Glorot, Bengio 2010), biases 0
    - normal: N(0, std²), biases 0
    - orthogonal: a random orthogonal matrix for each gate (Saxe et al. 2014), biases 0
    - identity: gain · I (Le, Jaitly, Hinton 2015; with ReLU), biases 0

    ``gain`` multiplies the recurrent matrices. ``spectral_radius`` or ``singular_value``
    then rescales each gate's recurrent matrix so that its largest |eigenvalue| or its
    largest singular value is that number. ``forget_bias`` is the LSTM's start of b_f.

    Raises:
        UserError: if a value is out of range or two of them exclude each other.
    """

    scheme: Scheme = "uniform"
    inputs: InputScheme | None = None
    std: float = 0.01
    gain: float = 1.0
    spectral_radius: float | None = None
    singular_value: float | None = None
    forget_bias: float | None = None

    def __post_init__(self) -> None:
        for name, schemes in (("scheme", Scheme), ("inputs", InputScheme)):
            value = getattr(self, name)
            if value not in get_args(schemes) and not (name == "inputs" and value is None):
                allowed = ", ".join(get_args(schemes))
                why = " (input matrices are not square)" if value == "identity" else ""
                raise UserError(f"the initialiser's {name} is {value!r}{why}; use one of {allowed}")
        for name in ("std", "gain", "spectral_radius", "singular_value"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value < math.inf:
                raise UserError(f"{name} is {value}; use a number from 0 upwards")
        if self.spectral_radius is not None and self.singular_value is not None:
            raise UserError("spectral_radius and singular_value exclude each other: give one")
        if self.forget_bias is not None and not math.isfinite(self.forget_bias):
            raise UserError(f"forget_bias is {self.forget_bias}; use a finite number")

    @property
    def other(self) -> InputScheme:
        """The scheme of the matrices that are not recurrent."""
        if self.inputs is not None:
            return self.inputs
        if self.scheme == "orthogonal":
            return "xavier"
        return "normal" if self.scheme == "identity" else self.scheme


def initialize(params: Parameters, spec: ModelSpec, init: Init, rng: np.random.Generator) -> None:
    """Fill ``params`` as ``init`` says.

    Everything is drawn in float64 in the order of ``params``: the same generator state gives
    the same network in either precision.

    Raises:
        UserError: if the recipe does not suit the cell.
    """
    _check(spec, init)
    for name, view in params.items():
        base = name.removeprefix("encoder_").removeprefix("decoder_")
        if "_init_" in base:
            view[...] = 0.0
        elif "gain" in base:
            view[...] = 1.0
        elif base == "embedding":
            view[...] = rng.standard_normal(view.shape)
        elif base.startswith(("W_hh_", "W_yh_")):
            view[...] = _recurrent(spec, init, view.shape, rng)
        elif view.ndim == 2:
            gates = max(1, len(spec.gates)) if base.startswith("W_xh_") else 1
            bound = _bound(spec, base, view.shape[1])
            view[...] = _matrix(init.other, init.std, view.shape, gates, bound, rng)
        elif init.other == "uniform" and init.scheme != "identity":
            bound = _bound(spec, base, params["W_hy"].shape[1])
            view[...] = rng.uniform(-bound, bound, view.shape)
        else:
            view[...] = 0.0
        if init.forget_bias is not None and base.startswith("b_h_"):
            view[spec.hidden_size : 2 * spec.hidden_size] = init.forget_bias


def _check(spec: ModelSpec, init: Init) -> None:
    if init.forget_bias is not None and spec.cell != "lstm":
        raise UserError(f"the {spec.cell} cell has no forget gate: leave forget_bias out")
    if init.scheme == "identity" and spec.cell != "rnn":
        raise UserError("identity is a start for the rnn cell; choose another scheme")
    if init.spectral_radius is not None and spec.cell == "jordan":
        raise UserError(
            "the jordan cell's recurrent matrix is not square and has no eigenvalues: "
            "scale it with singular_value"
        )


def _bound(spec: ModelSpec, base: str, fan_in: int) -> float:
    """PyTorch's bound: the cells look at H, everything else at its own inputs."""
    in_cell = base.startswith(("W_xh_", "b_h", "w_c"))
    return 1.0 / math.sqrt(spec.hidden_size if in_cell else fan_in)


def _recurrent(
    spec: ModelSpec, init: Init, shape: tuple[int, ...], rng: np.random.Generator
) -> Array:
    gates = max(1, len(spec.gates))
    bound = 1.0 / math.sqrt(spec.hidden_size)
    matrix = init.gain * _matrix(init.scheme, init.std, shape, gates, bound, rng)
    for block in np.split(matrix, gates):
        if init.spectral_radius is not None:
            found = float(np.abs(np.linalg.eigvals(block)).max())
            block *= _ratio(init.spectral_radius, found)
        elif init.singular_value is not None:
            found = float(np.linalg.norm(block, 2))
            block *= _ratio(init.singular_value, found)
    return matrix


def _ratio(wanted: float, found: float) -> float:
    if found == 0.0:
        raise UserError("a recurrent matrix of zeros cannot be rescaled: choose another scheme")
    return wanted / found


def _matrix(
    scheme: Scheme,
    std: float,
    shape: tuple[int, ...],
    gates: int,
    bound: float,
    rng: np.random.Generator,
) -> Array:
    """A (gates · rows, columns) matrix, each gate's block drawn by itself."""
    rows, columns = shape[0] // gates, shape[1]
    match scheme:
        case "uniform":
            return rng.uniform(-bound, bound, shape)
        case "xavier":
            limit = math.sqrt(6.0 / (rows + columns))
            return rng.uniform(-limit, limit, shape)
        case "normal":
            return rng.normal(0.0, std, shape)
        case "orthogonal":
            return np.concatenate([_orthogonal(rows, columns, rng) for _ in range(gates)])
        case "identity":
            return np.eye(rows, columns)


def _orthogonal(rows: int, columns: int, rng: np.random.Generator) -> Array:
    """Uniform over matrices with orthonormal rows or columns (Mezzadri 2007)."""
    draw = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(draw)
    q *= np.where(np.diag(r) < 0.0, -1.0, 1.0)
    return q if rows >= columns else q.T
