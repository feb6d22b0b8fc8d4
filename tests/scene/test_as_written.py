"""The arithmetic on screen works out with the digits that are shown, or says that it does not."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.as_written import ALMOST, EQUAL, equals, read
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.numbers import fixed, short, signed
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.shapes import Label, Picture
from tests.scene.test_cell_flow import CELLS, pass_of
from tests.scene.test_levels import state_of

NUMBER = r"[+−]?\d+(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
FUNCTIONS = {"tanh": math.tanh, "σ": lambda v: 1 / (1 + math.exp(-v)), "ReLU": lambda v: max(v, 0)}


def texts(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


def value(expression: str) -> float | None:
    """A sum of products, a function of a sum: computed from the digits that are written."""
    expression = re.sub(r"^\[\d+\]", "", expression).strip()
    called = re.fullmatch(rf"(?:({NUMBER}) × )?(tanh|σ|ReLU)\((.*)\)", expression)
    if called:
        inner = value(called[3])
        outer = read(called[1]) if called[1] else 1.0
        return None if inner is None else outer * FUNCTIONS[called[2]](inner)
    expression = re.sub(rf"({NUMBER})\s*×\s*({NUMBER})", _product, expression)
    found = re.findall(NUMBER, expression)
    if re.sub(rf"{NUMBER}|[\s+]", "", expression):
        return None
    return sum(map(read, found))


def _product(match: re.Match[str]) -> str:
    return f"{read(match[1]) * read(match[2]):+.12f}".replace("-", "−")


def checked(lines: list[str]) -> int:
    """How many lines could be computed; each of them tells the truth about its last digit."""
    count = 0
    for line in lines:
        parts = re.fullmatch(rf"(.+?) ([=≈]) ({NUMBER})", line)
        computed = value(parts[1]) if parts else None
        if parts is None or computed is None:
            continue
        assert equals(computed, parts[3]) == parts[2], line
        count += 1
    return count


@pytest.mark.parametrize("value", [0.0, 1.5, -0.354, 12.25, -3.1e-7, 4.5e-5, 123456.0, 2.5e7])
def test_a_number_is_read_as_it_was_written(value: float) -> None:
    for text in (short(value), short(value, 5), signed(value), fixed(value)):
        written = read(text)
        # Rounding a number that is already rounded changes nothing.
        again = short(written) if text == short(value) else text
        assert again == text


def test_only_a_result_that_follows_from_the_written_digits_is_called_equal() -> None:
    assert equals(0.31 * 0.42, "0.130") == EQUAL
    assert equals(0.31 * 0.42, "0.131") == ALMOST
    assert equals(-3.1e-7, "−3.1·10⁻⁷") == EQUAL
    assert equals(-3.2e-7, "−3.1·10⁻⁷") == ALMOST
    assert equals(1e-9, "0") == ALMOST
    assert equals(0.0, "0") == EQUAL
    assert equals(math.nan, "NaN") == EQUAL


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_the_sums_under_a_cell_and_in_the_inspector_can_be_followed(cell: dict[str, Any]) -> None:
    trace = pass_of(**cell)
    state = state_of(trace, 2, phase="backward")
    count = checked(texts(cell_picture(state, 1100.0, 620.0, "h_l0@2")))
    for name in ("h", *trace.spec.gates, *(["c"] if trace.spec.cell == "lstm" else [])):
        panel = inspector_picture(_selected(state, f"{name}_l0@2"), 420.0, 100.0)
        count += checked(texts(panel))
    assert count >= 3


def _selected(state: Any, node: str) -> Any:
    from dataclasses import replace

    return replace(state, selected=node)


@pytest.mark.parametrize("way", ["forward", "backward"])
@pytest.mark.parametrize(("cell", "name"), [("rnn", "hh"), ("lstm", "hf"), ("gru", "hn")])
@pytest.mark.parametrize("size", [(705.0, 226.0), (1280.0, 720.0)])
def test_every_term_and_sum_of_a_product_can_be_followed(
    cell: Any, name: str, way: str, size: tuple[float, float]
) -> None:
    trace = pass_of(cell=cell)
    state = state_of(trace, 2, phase="backward")
    for unit in range(3):
        picture = product_picture(state, *size, "h_l0@2", name, unit, way)
        labels = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
        rows: dict[float, list[Label]] = {}
        for label in labels:
            rows.setdefault(round(label.rect.y + label.rect.h / 2, 1), []).append(label)
        terms = []
        for row in rows.values():
            told = " ".join(each.text for each in sorted(row, key=lambda each: each.rect.x))
            if re.match(r"\[\d+\] .*×", told):
                assert checked([told]) == 1
                terms.append(read(re.split("[=≈]", told)[1]))
        assert len(terms) == 3
        summed = [each.text for each in labels if re.match("[=≈]", each.text) and each.bold]
        assert equals(sum(terms), summed[0][1:]) == summed[0][0]


def test_a_weight_too_small_for_three_decimals_is_not_called_zero() -> None:
    trace = pass_of(cell="rnn")
    weights = np.array(trace["W_hh_l0"])
    weights[0, 0] = 2.5e-5
    from dataclasses import replace

    tiny = replace(trace, arrays={**trace.arrays, "W_hh_l0": weights})
    told = " ".join(texts(product_picture(state_of(tiny, 2), 1280.0, 720.0, "h_l0@2", "hh", 0)))
    assert "+2.5000·10⁻⁵ ×" in told or "+2.50·10⁻⁵ ×" in told or "+2.500·10⁻⁵ ×" in told
