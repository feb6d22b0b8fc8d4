"""A model for which there is no room is refused with figures that say so."""

import re

import pytest

from rnnviz.session import footprint
from rnnviz.trace import ModelSpec, UserError


@pytest.mark.parametrize("more", [1.000001, 1.3])
def test_what_is_needed_is_more_than_what_may_be_taken_though_the_machine_has_more(
    monkeypatch: pytest.MonkeyPatch, more: float
) -> None:
    spec = ModelSpec(input_size=10, hidden_size=8000, output_size=10)
    needed = footprint.footprint_bytes(spec, 1, 10, 4)
    monkeypatch.setattr(footprint, "memory_bytes", lambda: int(needed / 0.7 / more))
    with pytest.raises(UserError) as refused:
        footprint.check_footprint(spec, 1, 10, 4)
    needs, allowed, there = map(float, re.findall(r"\d+\.\d", str(refused.value)))
    assert allowed < needs
    assert allowed < there
