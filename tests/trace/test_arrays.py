"""Arrays that are made when somebody asks for them."""

import numpy as np
import pytest

from rnnviz.trace.arrays import Array, Arrays, Later


def recipe(made: list[str]) -> Later:
    whole = np.arange(24).reshape(2, 3, 4)

    def every() -> Array:
        made.append("all")
        return whole

    def one(b: int) -> Array:
        made.append(f"sequence {b}")
        return whole[:, b]

    return Later(whole.shape, every, one)


def test_one_sequence_is_made_without_the_others_and_only_once() -> None:
    made: list[str] = []
    arrays = Arrays({"pictures": recipe(made)})
    first = arrays.sequence("pictures", 1)
    assert np.array_equal(first, [[4, 5, 6, 7], [16, 17, 18, 19]])
    assert arrays.sequence("pictures", 1) is first
    assert not first.flags.writeable
    assert made == ["sequence 1"]


def test_a_sequence_of_an_array_that_is_there_is_part_of_it() -> None:
    made: list[str] = []
    arrays = Arrays({"pictures": recipe(made), "x": np.ones((5, 2, 3))})
    whole = arrays["pictures"]
    assert np.shares_memory(arrays.sequence("pictures", 2), whole)
    assert arrays.sequence("x", 0).shape == (5, 3)
    assert made == ["all"]


def test_what_is_given_on_is_still_to_be_made() -> None:
    made: list[str] = []
    arrays = Arrays({"pictures": recipe(made)})
    passed_on = Arrays({"pictures": arrays.given("pictures")})
    assert passed_on.shape("pictures") == (2, 3, 4)
    assert made == []


def test_a_sequence_of_what_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Arrays({}).sequence("pictures", 0)
