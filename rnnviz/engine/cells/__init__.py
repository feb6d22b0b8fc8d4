"""The recurrent cells: each file is one step forward and one step back."""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.adding import Adding
from rnnviz.engine.cells.base import Cell, Dims
from rnnviz.engine.cells.gru import Gru
from rnnviz.engine.cells.jordan import Jordan
from rnnviz.engine.cells.lstm import Lstm
from rnnviz.engine.cells.normalized_gru import NormalizedGru
from rnnviz.engine.cells.normalized_lstm import NormalizedLstm
from rnnviz.engine.cells.normalized_vanilla import NormalizedVanilla
from rnnviz.engine.cells.peephole_lstm import PeepholeLstm
from rnnviz.engine.cells.vanilla import Vanilla
from rnnviz.engine.cells.vanilla_single import SingleVanilla
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

__all__ = ["Cell", "Dims", "make_cell"]


def make_cell(spec: ModelSpec, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> Cell:
    """The cell that ``spec`` asks for; ``weights`` by bare name (``W_xh``, ``W_hh``, …)."""
    if spec.layer_norm:
        if spec.cell == "lstm":
            return NormalizedLstm(dims, weights, arena)
        if spec.cell == "gru":
            return NormalizedGru(dims, weights, arena)
        return NormalizedVanilla(dims, weights, arena, spec.activation)
    if spec.cell == "rnn":
        one = Adding.pays(arena, dims.steps, dims.hidden)
        return (SingleVanilla if one else Vanilla)(dims, weights, arena, spec.activation)
    if spec.cell == "lstm":
        return (PeepholeLstm if spec.peepholes else Lstm)(dims, weights, arena)
    if spec.cell == "gru":
        return Gru(dims, weights, arena)
    return Jordan(dims, weights, arena, spec.activation)
