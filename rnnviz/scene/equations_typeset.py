"""Typeset mathematics as glyphs and rules: known equations come from a table, others are set now.

Setting an equation takes tens of milliseconds, a step of the cursor changes only its indices. So
every digit is a slot: ``h_{17}`` and ``h_{42}`` share one entry, ``h_{88}``, whose digits are put
in afterwards (the digits of the font are equally wide). `resources/equations.json` holds the
entries of all equations that the program writes; `scripts/typeset-equations.py` makes it.

Lengths are shares of the font size (em); y grows downwards from the baseline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import msgspec

from rnnviz.resources import resource

Glyph = tuple[int, float, float, float]
Rule = tuple[float, float, float, float]
_DIGIT = re.compile(r"[0-9]")
SLOT = "8"
SEPARATOR = "¦"
"""Between parts that are typeset for themselves: a few symbols make up every formula."""
_THIN, _THIN_SPACE = r"\,", 0.2
_BESIDE = 0.04
"""Space between two parts, which are as wide as their ink (em)."""
_OPERATORS = ("+", "-", "=", r"\odot", r"\leftarrow", r"\cdot")


@dataclass(frozen=True, slots=True)
class Typeset:
    """One equation: glyphs as (index in the font, x, baseline y, size), rules as x, y, w, h."""

    width: float
    ascent: float
    descent: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]

    @property
    def height(self) -> float:
        return self.ascent + self.descent


@dataclass(frozen=True, slots=True)
class Table:
    """The known equations by their text with every digit an 8, and the digits of each style:
    glyph of the 8 → glyphs of 0 … 9."""

    known: dict[str, Any]
    digits: dict[int, tuple[int, ...]]


@cache
def table() -> Table:
    """The entries that come with the program."""
    data = msgspec.json.decode(resource("equations.json").read_bytes())
    digits = {int(eight): tuple(ids) for eight, ids in data["digits"].items()}
    return Table(data["equations"], digits)


def _entry(numbers: Any) -> Typeset:
    width, up, down, glyphs, rules = numbers
    return Typeset(width, up, down, tuple(map(tuple, glyphs)), tuple(map(tuple, rules)))


def template(tex: str) -> str:
    """The text under which an equation is known: every digit an 8."""
    return _DIGIT.sub(SLOT, tex)


def parts(tex: str) -> tuple[tuple[float, str], ...]:
    """The parts of a text that are typeset for themselves, each with the space before it (em).

    An operator at the edge of a part keeps the space that it has between two symbols.
    """
    found: list[tuple[float, str]] = []
    space = 0.0
    for piece in tex.split(SEPARATOR):
        text = piece.strip()
        while text.startswith(_THIN):
            text, space = text.removeprefix(_THIN).strip(), space + _THIN_SPACE
        after = 0.0
        while text.endswith(_THIN):
            text, after = text.removesuffix(_THIN).strip(), after + _THIN_SPACE
        if not text:
            space += after
            continue
        if text.startswith(_OPERATORS):
            text = f"{{}}{text}"
        if text.endswith(_OPERATORS) and not text.removeprefix("{}").startswith(_OPERATORS):
            text = f"{text}{{}}"
        found.append((space, text))
        space = after
    return tuple(found)


def is_known(tex: str) -> bool:
    """Whether the equation needs no typesetting at run time."""
    return all(template(part) in table().known for _, part in parts(tex))


@lru_cache(maxsize=2048)
def typeset(tex: str) -> Typeset:
    """The equation, set from its entries or, where there are none, by ziamath now.

    Raises ValueError if the text is not LaTeX that ziamath understands.
    """
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    at = up = down = 0.0
    for space, part in parts(tex):
        entry = _part(part)
        at += space + (_BESIDE if glyphs else 0.0)
        glyphs += [(index, at + x, y, size) for index, x, y, size in entry.glyphs]
        rules += [(at + x, y, w, h) for x, y, w, h in entry.rules]
        at += entry.width
        up, down = max(up, entry.ascent), max(down, entry.descent)
    return Typeset(at, up, down, tuple(glyphs), tuple(rules))


@lru_cache(maxsize=2048)
def part_spans(tex: str) -> tuple[tuple[float, float, str], ...]:
    """Left and right end of each part of an equation (em), and its text: where a symbol stands."""
    found: list[tuple[float, float, str]] = []
    at = 0.0
    for number, (space, part) in enumerate(parts(tex)):
        at += space + (_BESIDE if number else 0.0)
        wide = _part(part).width
        found.append((at, at + wide, part))
        at += wide
    return tuple(found)


@lru_cache(maxsize=2048)
def _part(tex: str) -> Typeset:
    known = table()
    numbers = known.known.get(template(tex))
    entry = _set_now(template(tex)) if numbers is None else _entry(numbers)
    return filled(entry, tex, known.digits)


def filled(entry: Typeset, tex: str, digits: dict[int, tuple[int, ...]]) -> Typeset:
    """The entry with its slots filled by the digits of `tex`, in the order of writing."""
    wanted = [int(digit) for digit in _DIGIT.findall(tex)]
    slots = [number for number, glyph in enumerate(entry.glyphs) if glyph[0] in digits]
    if len(wanted) != len(slots):
        return _set_now(tex)
    glyphs = list(entry.glyphs)
    for number, digit in zip(slots, wanted, strict=True):
        eight, x, y, size = glyphs[number]
        glyphs[number] = (digits[eight][digit], x, y, size)
    return Typeset(entry.width, entry.ascent, entry.descent, tuple(glyphs), entry.rules)


@lru_cache(maxsize=512)
def _set_now(tex: str) -> Typeset:
    # ziamath takes a third of a second to load and is not needed for what is in the table.
    from rnnviz.scene.equations_setting import set_equation

    return set_equation(tex)
