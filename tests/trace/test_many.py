"""One thing is not called by its plural."""

from __future__ import annotations

from rnnviz.trace.many import many


def test_one_is_one_and_none_and_several_are_many() -> None:
    assert [many(n, "step") for n in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]


def test_a_word_of_its_own_for_several_is_used() -> None:
    assert [many(n, "entry", "entries") for n in (1, 3)] == ["1 entry", "3 entries"]
