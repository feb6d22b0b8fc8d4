"""Arithmetic on screen taken at its word: whether the numbers as written give what is written.

Numbers on screen are rounded. Where a reader who computes with them would get another last digit,
``≈`` says so in place of ``=``.
"""

from __future__ import annotations

import math

from rnnviz.scene.numbers import MINUS

EQUAL, ALMOST = "=", "≈"
ROUNDED = "≈: the digits that are left out make the difference"
BY_HAND = "by hand"
_POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read(text: str) -> float:
    """The number that ``−0.35`` or ``+3.1·10⁻⁷`` stands for; NaN for what is none."""
    digits, _, power = text.strip().replace(MINUS, "-").partition("·10")
    try:
        return float(digits) * 10.0 ** int(power.translate(_POWERS) or 0)
    except ValueError:
        return math.nan


def put_in(right: str) -> str:
    """``by hand: right``: what a what-if has put in the place of the computed number."""
    return f"{BY_HAND}: {right}"


def mixed(a: str, x: str, b: str, y: str, right: str) -> str:
    """``a × x + b × y = right``: a sum of two products with its sign of equality."""
    sign = equals(read(a) * read(x) + read(b) * read(y), right)
    return f"{a} × {x} + {b} × {y} {sign} {right}"


def let_out(gate: str, inside: str, right: str) -> str:
    """``gate × tanh(inside) = right``."""
    return f"{gate} × tanh({inside}) {equals(read(gate) * math.tanh(read(inside)), right)} {right}"


def equals(computed: float, written: str) -> str:
    """``=`` if a result computed from numbers as written rounds to the written one, else ``≈``."""
    result = read(written)
    if not (math.isfinite(computed) and math.isfinite(result)):
        return EQUAL
    digits, _, power = written.strip().partition("·10")
    decimals = len(digits.partition(".")[2])
    half = 0.5 * 10.0 ** (int(power.translate(_POWERS) or 0) - decimals)
    if written.strip() == "0":
        # An exact zero is written so, and nothing else.
        half = 0.0
    return EQUAL if abs(computed - result) <= half * (1.0 + 1e-9) else ALMOST
