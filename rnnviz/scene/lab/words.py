"""Numbers, steps and tokens as the laboratory writes them."""

from __future__ import annotations

import math

from rnnviz.scene.captions import subscript
from rnnviz.scene.numbers import power_of_ten, short


def from_log10(exponent: float, digits: int = 2) -> str:
    """A number given by its decimal logarithm, also where no float could hold it.

    −∞ is an exact zero: ``0``. ``−180.0`` is ``1.0·10⁻¹⁸⁰``.
    """
    if math.isnan(exponent):
        return "NaN"
    if math.isinf(exponent):
        return "0" if exponent < 0 else "∞"
    if -3.0 <= exponent < 5.0:
        return short(10.0**exponent, digits)
    power = math.floor(exponent)
    mantissa = f"{10.0 ** (exponent - power):.{digits - 1}f}"
    if mantissa.startswith("10"):
        mantissa, power = f"{1.0:.{digits - 1}f}", power + 1
    return f"{mantissa}·{power_of_ten(power)}"


def step_name(symbol: str, step: int) -> str:
    """``h₃`` for step 2: steps are counted from 1 on screen."""
    return f"{symbol}{subscript(step + 1)}"


def layer_words(name: str) -> str:
    """``encoder layer 2, right to left`` for ``encoder_l1_reverse``: counted from 1."""
    part, _, place = f"_{name}".rpartition("_l")
    number, _, direction = place.partition("_")
    words = f"layer {int(number) + 1}"
    if part:
        words = f"{part.strip('_')} {words}"
    return f"{words}, right to left" if direction else words
