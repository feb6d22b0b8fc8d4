"""Numbers as they are written on screen: one place decides digits, signs and powers of ten."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "−"
POWERS_FROM = 99_999.5
"""Size from which a cell's number is written with a power of ten."""
_FINEST = 9
"""Decimals up to which a number is told from 1."""


def power_of_ten(exponent: int) -> str:
    """``10⁻³``."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def _special(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "∞" if value > 0 else f"{MINUS}∞"


def fixed(value: float, digits: int = 2) -> str:
    """A real minus sign and a fixed number of decimals; never ``−0.00``."""
    if not math.isfinite(value):
        return _special(value)
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def exactly(value: float, digits: int = 3) -> str:
    """As `fixed`, but where that would say 0 or 1 of what is not: ``3.1·10⁻⁵``, ``0.9998``."""
    text = fixed(value, digits)
    if not math.isfinite(value) or value in (0.0, 1.0, -1.0):
        return text
    shown = abs(round(value, digits))
    if shown == 0.0:
        return short(value)
    finer = (fixed(value, more) for more in range(digits + 1, _FINEST) if shown == 1.0)
    return next((each for each in finer if each.strip(f"{MINUS}0.") != "1"), text)


def percent(share: float, digits: int = 0) -> str:
    """``37 %``; where that would say none or all of what is neither, ``<1 %`` or ``>99 %``."""
    shown, least = fixed(100.0 * share, digits), 10.0**-digits
    if shown == fixed(0.0, digits) and share > 0.0:
        return f"<{fixed(least, digits)} %"
    if shown == fixed(100.0, digits) and share < 1.0:
        return f">{fixed(100.0 - least, digits)} %"
    return f"{shown} %"


def signed(value: float, digits: int = 3) -> str:
    """As `fixed`, with a plus sign for what is not negative: the terms of a sum."""
    text = fixed(value, digits)
    return text if text.startswith(MINUS) or not math.isfinite(value) else f"+{text}"


def short(value: float, digits: int = 3) -> str:
    """About `digits` significant figures at any magnitude: ``0.094``, ``12.5``, ``3.1·10⁻⁷``."""
    if not math.isfinite(value):
        return _special(value)
    if value == 0.0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -3 <= exponent < 5:
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
        return text.replace("-", MINUS)
    mantissa, _, power = f"{value:.{max(0, digits - 2)}e}".partition("e")
    return f"{mantissa}·{power_of_ten(int(power))}".replace("-", MINUS)


def term(value: float, digits: int = 3) -> str:
    """A term of a sum that is written out: with so many decimals while those say something."""
    plain = abs(value) < 1e4 or not math.isfinite(value)
    return signed(value, digits) if plain else signed_short(value)


def signed_short(value: float, digits: int = 3) -> str:
    """As `short`, with a plus sign for what is positive; an exact zero has none."""
    text = short(value, digits)
    return f"+{text}" if value > 0 and math.isfinite(value) else text


def signed_writer(largest: float) -> Callable[[float], str]:
    """One way to write signed numbers of which none is larger: with four decimals where that says
    something, else with a power of ten. An exact zero is ``0``.
    """

    def write(value: float) -> str:
        if value == 0.0:
            return "0"
        plain = 0.01 <= largest < 1000.0
        return signed(value, 4) if plain else signed_short(value)

    return write


def vector(values: Iterable[float], limit: int = 4, digits: int = 2) -> str:
    """``[−0.94, −0.90, 0.10]``, shortened after `limit` numbers: ``[0.10, … 128 numbers]``."""
    listed = values if isinstance(values, list) else [float(value) for value in values]
    most = max(map(abs, listed), default=0.0)
    tiny = 0.0 < most < 10.0 ** (1 - digits)

    def written(value: float) -> str:
        # Where decimals would all be zeros, powers of ten say what there is.
        return short(value, 2) if tiny else fixed(value, digits)

    shown = ", ".join(map(written, listed[:limit]))
    if len(listed) <= limit:
        return f"[{shown}]"
    return f"[{shown}, … {len(listed)} numbers]"


def grouped(count: int) -> str:
    """A whole number as everywhere in the program: ``10,000``."""
    return f"{count:,}"


def nice_step(span: float, most: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides `span` into at most `most` parts."""
    if span <= 0 or not math.isfinite(span) or most < 1:
        return 1.0
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(f * power for f in (1.0, 2.0, 5.0, 10.0) if f * power >= rough * 0.9999)


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round numbers from `low` to `high`, at most `most` + 1 of them, but two where that can be:
    one number alone, such as the 0 below 4.9, is no scale."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return ()
    found = _multiples(nice_step(high - low, most), low, high)
    if len(found) < 2:
        # The next finer step, but of its numbers no more than find room.
        found = _multiples(nice_step(high - low, 2 * most), low, high)[:2] or found
    return found


def _multiples(step: float, low: float, high: float) -> tuple[float, ...]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(float(f"{index * step:.12g}") for index in range(first, last + 1))


def tick_text(value: float, step: float) -> str:
    """A tick's number with as many decimals as its step needs; zero hardly needs any."""
    if value == 0 and step < 0.05:
        return "0"
    if abs(value) >= 1e6 or (value != 0 and abs(value) < 1e-4):
        return short(value, 2)
    if step >= 1 and value == int(value):
        return grouped(int(value)).replace("-", MINUS)
    return fixed(value, max(0, -math.floor(math.log10(step) + 1e-9)))


class Figures(NamedTuple):
    """How the numbers of cells are written: with how many decimals, and whether the zero before
    the point is."""

    decimals: int
    zero: bool = True


_WAYS = ((Figures(3), 4), (Figures(2), 3), (Figures(2, False), 2), (Figures(1, False), 1))
"""From the most room to the least, with the digits that a number below ten takes."""
_ROOM = dict(_WAYS)


def figures_for(width: float, size: float, *, signed: bool = True) -> Figures:
    """How a number fits into a cell `width` pixels wide.

    `size` is the font's pixel size; a pixel and a half on each side stays free. The point is always
    reckoned with, a sign unless none of the cell's numbers is negative. Where the zero before the
    point has no room it is left out before a decimal is.
    """
    digit, point, sign = 0.64 * size, 0.33 * size, 0.37 * size if signed else 0.0
    room = width - 3.0
    for figures, digits in _WAYS:
        if room >= sign + point + digits * digit:
            return figures
    return Figures(0)


def tenth_below(values: NDArray[Any]) -> NDArray[Any]:
    """Values to be written with one decimal: what is nearly but not quite ±1 keeps below it."""
    nearly = (np.abs(values) >= 0.95) & (np.abs(values) < 0.995)
    return np.where(nearly, np.copysign(0.9, values), values)


def number_text(value: float, figures: Figures) -> str:
    """A cell's number: ``-0.94``, without the zero ``-.94``, with one decimal ``-.9`` or ``1``;
    zero is ``0``."""
    if value == 0.0:
        return "0"
    if not math.isfinite(value):
        return _special(value)
    if abs(value) >= 999.5:
        # So large, decimals say nothing and take the room of the digits that do.
        whole = fixed(value, 0) if abs(value) < POWERS_FROM else short(value, 2)
        return whole.replace(MINUS, "-")
    decimals, zero = figures
    if decimals == 1:
        value = float(tenth_below(np.asarray(value)))
    text = f"{value:.{decimals}f}"
    # A figure before the point takes the room of one behind it.
    while decimals and _digits(text, zero=zero) > _ROOM.get(figures, len(text)):
        decimals -= 1
        text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text if zero else text.replace("0.", ".", 1) if abs(float(text)) < 1.0 else text


def _digits(text: str, *, zero: bool) -> int:
    """How many digits are written of a number, with or without a zero before the point."""
    written = text.lstrip("-") if zero else text.lstrip("-0")
    return len(written.replace(".", ""))


def rounded_as_written(values: NDArray[Any], figures: Figures) -> NDArray[Any]:
    """Numbers of cells rounded to as many decimals as `number_text` writes of each: once, since
    2.849 rounded to 2.85 and then to 2.9 would be another number."""
    decimals = figures.decimals
    if decimals == 1:
        values = tenth_below(values)
    rounded = np.rint(values * 10.0**decimals) / 10.0**decimals
    room = _ROOM.get(figures, 0)
    size = np.abs(rounded)
    if not room or size.max(initial=0.0) < (10.0 if figures.zero else 1.0):
        return rounded
    for fewer in range(decimals - 1, -1, -1):
        before = np.searchsorted((1.0, 10.0, 100.0), size, side="right")
        too_long = np.maximum(before, int(figures.zero)) + fewer + 1 > room
        if not too_long.any():
            break
        rounded = np.where(too_long, np.rint(values * 10.0**fewer) / 10.0**fewer, rounded)
        size = np.abs(rounded)
    return rounded
