"""States as a matrix are copied once a pass, and never kept into the next one."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arena import Arena, Columns
from rnnviz.engine.state_columns import StateColumns
from rnnviz.trace.record import Array

T, H, B = 3, 2, 4


def states() -> tuple[Array, StateColumns]:
    arena = Arena(B, np.float64)
    h = arena.steps(T + 1, H)
    h[...] = np.arange(h.size).reshape(h.shape)
    return h, StateColumns(arena, h)


def as_matrix(h: Array) -> Array:
    return h.transpose(1, 0, 2).reshape(H, -1)


def made(columns: Columns) -> Array:
    for copy in columns.fill:
        copy()
    return columns.matrix


def test_both_matrices_hold_their_states_by_feature() -> None:
    h, columns = states()
    assert np.array_equal(made(columns.after), as_matrix(h[1:]))
    assert np.array_equal(made(columns.before), as_matrix(h[:-1]))


def test_both_are_parts_of_one_copy() -> None:
    _, columns = states()
    assert np.shares_memory(made(columns.after), made(columns.before))


def test_a_second_pass_is_copied_anew_even_if_only_the_cell_asks() -> None:
    h, columns = states()
    made(columns.after)
    made(columns.before)
    h += 100.0
    assert np.array_equal(made(columns.before), as_matrix(h[:-1]))


def test_a_pass_that_was_broken_off_leaves_nothing_to_the_next() -> None:
    h, columns = states()
    made(columns.after)
    h += 100.0
    assert np.array_equal(made(columns.after), as_matrix(h[1:]))
    assert np.array_equal(made(columns.before), as_matrix(h[:-1]))
