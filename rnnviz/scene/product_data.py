"""One matrix product of one step: the matrix, the vector, and the sum that the result goes into.

A product is named by the subscript of its matrix: ``hh xh`` (vanilla), ``yh xh`` (jordan),
``hf xf …`` (one gate of an LSTM or GRU), ``hy`` (the output). Backward it is the product with the
transpose, from the gradient δ at what the matrix made to the gradient at what it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.handover import true_steps
from rnnviz.trace import ModelSpec, Trace

Vector = NDArray[np.floating[Any]]
Range = Literal["states", "free"]


@dataclass(frozen=True, slots=True, eq=False)
class Weight:
    """A vector of parameters: ``name[first:first + R]`` of the trace, `values` (R,)."""

    name: str
    values: Vector
    first: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Summand:
    """What else is added to a product: its symbol (LaTeX) and its numbers (R,).

    `weight` is the parameter in it: the numbers themselves, or a factor of each.
    """

    tex: str
    values: Vector
    weight: Weight | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """``result = matrix @ vector`` (R, C) @ (C,), and what becomes of it.

    `normed` is LN(result; gain) where the model normalises; `summands` are added to it and give
    `total`; `made` is the function of the total. `note` says in a sentence what else is to say.
    """

    name: str
    backward: bool
    matrix: Vector
    vector: Vector
    matrix_tex: str
    vector_tex: str
    vector_range: Range
    result: Vector
    summands: tuple[Summand, ...] = ()
    total_tex: str = ""
    total: Vector | None = None
    function: str = ""
    made_tex: str = ""
    made: Vector | None = None
    normed: Vector | None = None
    gain: Weight | None = None
    note: str = ""
    by_hand: frozenset[int] = frozenset()
    """Rows of `made` that a what-if has put in the place of the computed ones."""

    @property
    def rows(self) -> int:
        return int(self.matrix.shape[0])

    @property
    def columns(self) -> int:
        return int(self.matrix.shape[1])

    def row_words(self, row: int) -> str:
        """A row's name; of the transpose it says so, where it is a column of W."""
        return f"row [{row + 1}]" + (" in Wᵀ" if self.backward else "")

    def terms(self, row: int) -> Vector:
        """(C,) what each number of the vector adds to one number of the result."""
        found: Vector = self.matrix[row].astype(np.float64) * self.vector.astype(np.float64)
        return found


def product_names(spec: ModelSpec) -> tuple[str, ...]:
    """The products inside a cell of the model, in the order in which its picture shows them."""
    if spec.cell == "jordan":
        return "yh", "xh", "hy"
    if not spec.gates:
        return "hh", "xh"
    return tuple(f"{side}{gate}" for gate in spec.gates for side in "hx")


def completed(
    trace_total: Vector | None, partial: Vector, summands: list[Summand], rest_tex: str
) -> tuple[tuple[Summand, ...], Vector]:
    """The summands, and a rest where they do not give what the pass recorded."""
    sum_ = partial.astype(np.float64) + sum((s.values for s in summands), np.zeros(len(partial)))
    if trace_total is None:
        return tuple(summands), sum_
    rest = trace_total.astype(np.float64) - sum_
    size = max(float(np.abs(trace_total).max(initial=0.0)), float(np.abs(sum_).max(initial=0.0)))
    if float(np.abs(rest).max(initial=0.0)) > 1e-4 * size:
        summands = [*summands, Summand(rest_tex, rest)]
    return tuple(summands), trace_total


def is_padding(trace: Trace, prefix: str, index: int, row: int) -> bool:
    """Whether the sequence is over at a step, so that nothing is computed."""
    return "lengths" in trace and index >= true_steps(trace, prefix, row)
