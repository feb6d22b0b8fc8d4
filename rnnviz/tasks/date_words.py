"""Dates as they are said in English, in many ways."""

from __future__ import annotations

from datetime import date

import numpy as np


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _words("_ _ twenty thirty forty fifty sixty seventy eighty ninety")
_FIRST = _words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_MONTHS = _words(
    "january february march april may june july august september october november december"
)
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
WORDS = frozenset(
    {*_ONES[1:], *_TENS[2:], *_FIRST, *_MONTHS, *_DAYS}
    | {*_words("the of , on in year and oh hundred thousand thirtieth")}
)
"""Every word a date can have."""


def number_words(number: int) -> str:
    """0 to 99 in words."""
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")


def ordinal_words(number: int) -> str:
    """1 to 31 as an ordinal in words."""
    if number <= 20:
        return _FIRST[number - 1]
    if number == 30:
        return "thirtieth"
    return f"{_TENS[number // 10]} {_FIRST[number % 10 - 1]}"


def year_words(year: int, rng: np.random.Generator) -> str:
    """A year between 1900 and 2099 in one of the ways it is said."""
    century, rest = divmod(year, 100)
    if rest == 0:
        return "two thousand" if century == 20 else "nineteen hundred"
    if century == 20 and (rest < 10 or rng.random() < 0.4):
        return f"two thousand and {number_words(rest)}"
    if rest < 10:
        return f"{number_words(century)} oh {number_words(rest)}"
    return f"{number_words(century)} {number_words(rest)}"


def date_words(day: date, rng: np.random.Generator) -> str:
    """A date in one of the ways it is said."""
    ordinal, cardinal = ordinal_words(day.day), number_words(day.day)
    month, weekday = _MONTHS[day.month - 1], _DAYS[day.weekday()]
    year = year_words(day.year, rng)
    # Mostly cardinals, so that only the order tells the day from the year.
    forms = (
        f"the {ordinal} of {month} {year}",
        f"{weekday} , {month} {ordinal} , {year}",
        f"{month} {cardinal} {year}",
        f"{cardinal} {month} {year}",
        f"{year} , {month} {cardinal}",
        f"in the year {year} on {month} {cardinal}",
        f"on {cardinal} {month} in the year {year}",
        f"{weekday} , {cardinal} {month} {year}",
    )
    return forms[int(rng.integers(len(forms)))]
