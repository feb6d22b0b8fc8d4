"""What msgspec finds wrong is said without its technical words."""

from typing import Annotated, Any, Literal

import msgspec
import pytest

from rnnviz.session.mistakes import choices_at, in_words


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: Annotated[int, msgspec.Meta(ge=1)] = 1
    form: Literal["round", "square"] | None = None


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    inner: Inner = Inner()
    pairs: list[tuple[str, list[int]]] = []
    free: dict[str, int] = {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "title is missing"),
        ({"title": 3}, "title is 3: expected text, got a whole number"),
        ({"title": None}, "title is null: expected text, got nothing"),
        ({"title": "", "colour": 3}, "colour is unknown here"),
        ({"title": "", "inner": {"hue": 3}}, "inner.hue is unknown here"),
        ({"title": "", "inner": True}, "inner is true: expected a table, got true or false"),
        ({"title": "", "inner": {"size": 0}}, "inner.size is 0: expected a whole number >= 1"),
        (
            {"title": "", "inner": {"form": "rund"}},
            "inner.form is 'rund'; use one of round, square (did you mean round?)",
        ),
        (
            {"title": "", "pairs": [["a", [1]], ["b", [1, "x"]]]},
            "pairs[1][1][1] is 'x': expected a whole number, got text",
        ),
        (
            {"title": "", "free": {"any": "x"}},
            "one of free cannot be: expected a whole number, got text",
        ),
        ({"title": ["x" * 99]}, f"title is ['{'x' * 58}…: expected text, got a list"),
    ],
)
def test_a_mistake_is_said_with_its_place_and_its_value(values: Any, sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(values, Outer)
    assert in_words(str(caught.value), values, Outer) == sentence


def test_something_else_than_a_table_is_said_so() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(3, Outer)
    assert in_words(str(caught.value), 3, Outer) == "expected a table, got a whole number"


def test_choices_are_found_at_any_depth() -> None:
    assert choices_at(Outer, "inner.form") == ("round", "square")
    assert choices_at(Outer, "inner.size") == ()
