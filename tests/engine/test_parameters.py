"""One vector with names: what may be assigned to it, and what is refused as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.trace import ModelSpec, UserError

Values = dict[str, Any]


def parameters() -> Parameters:
    spec = ModelSpec(input_size=3, hidden_size=2, output_size=3)
    params = Parameters(parameter_shapes(spec), np.float32)
    params.flat[:] = np.arange(params.flat.size)
    return params


def test_assigned_numbers_stand_in_the_vector_as_the_names_say() -> None:
    params, other = parameters(), parameters()
    values = {name: (-view.astype(np.float64)).tolist() for name, view in params.items()}
    other.assign(values)
    np.testing.assert_array_equal(other.flat, -params.flat)
    assert all(np.shares_memory(view, other.flat) for view in other.values())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda v: v.pop("W_hy"), "do not fit the model: W_hy missing$"),
        (lambda v: v.update(W_zz=1.0), "do not fit the model: W_zz not part of this model$"),
        (
            lambda v: (v.pop("b_y"), v.update(b_z=1.0)),
            "b_y missing; b_z not part of this model",
        ),
        (lambda v: v.update(b_y=np.zeros(2)), r"b_y has shape \(2,\); the model needs \(3,\)"),
        (lambda v: v.update(b_y=[0.0, np.nan, 1.0]), "b_y contains numbers that are not finite"),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_none_of_them_is_taken(
    spoil: Callable[[Values], Any], words: str
) -> None:
    params = parameters()
    values = {name: -view for name, view in params.items()}
    spoil(values)
    with pytest.raises(UserError, match=words):
        params.assign(values)
    np.testing.assert_array_equal(params.flat, np.arange(params.flat.size))


def test_a_copy_has_the_same_numbers_and_is_another_vector() -> None:
    params = parameters()
    twin = params.copy()
    np.testing.assert_array_equal(twin.flat, params.flat)
    twin["b_y"][...] = 7.0
    assert not (params["b_y"] == 7.0).any()
