"""How wide a text will be, without asking a font: on the safe side for common sans faces.

Widths are shares of the font's pixel size, those of DejaVu Sans (one of the widest faces in use),
so that what fits by this measure fits in narrower fonts as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rnnviz.scene.shapes import Family

_GROUPS = {
    0.29: "'ijlIJ⁽⁾",
    0.33: " ,.·",
    0.36: "/:;\\|f-",
    0.40: "()[]t!r₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ⟨⟩",
    0.52: '"*_`szc‖∂“”?ᵉᵈ▸',
    0.60: "LFkvxyPTYaoŷ⁻",
    0.65: "∎",
    0.64: "$0123456789{}eESbdghnpquσΣ¤",
    0.70: "KAVBRXZCU",
    0.80: "HNDG&OQw",
    0.87: "#+<=>^~M−×⊙→←↔≤≥∈≈",
    1.00: "%mW@…■",
}
_WIDTHS = {char: width for width, chars in _GROUPS.items() for char in chars}
_MONO = 0.61
_SIGNS = {"⟨end⟩": "∎", "⟨start⟩": "▸", "⟨unknown⟩": "?"}
_SHAPELESS = "¤"
_NUMBERED = len("U+200D")
_BOLD = 1.14
_ORDINARY = "a…"
"""The beginning of a word, as wide as most are."""
_SMALLEST = 6.0
"""Size of the smallest letter that is drawn, logical pixels."""
_MOST_PIECES = 4
"""Lines that one word may take."""


@lru_cache(maxsize=4096)
def _em(char: str) -> float:
    known = _WIDTHS.get(char)
    if known is not None:
        return known
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.05
    return 0.92


def text_width(text: str, size: float, family: Family = "sans", bold: bool = False) -> float:
    """Width of one line in logical pixels; `size` is the font's pixel size."""
    if family == "mono" and text.isascii():
        return len(text) * _MONO * size
    return _ems(text) * size * (_BOLD if bold else 1.0)


@lru_cache(maxsize=4096)
def _ems(text: str) -> float:
    """The same as a share of the font's size."""
    return sum(map(_em, text))


def elided(
    text: str, size: float, width: float, family: Family = "sans", bold: bool = False,
    end: str = "",
) -> str:  # fmt: skip
    """The text, or as much of its beginning as fits with an ellipsis; empty if nothing fits. `end`
    is what stands behind it in any case, such as the mark of the target. A mark such as ⟨end⟩ is
    no word to be cut: a sign stands for it."""
    for whole in dict.fromkeys((text, brief(text))):
        if text_width(whole + end, size, family, bold) <= width:
            return whole + end
    room = width - text_width(f"…{end}", size, family, bold)
    kept = ""
    for char in text:
        room -= text_width(char, size, family, bold)
        if room < 0:
            break
        kept += char
    return f"{kept}…{end}" if kept else ""


def fitted(word: str, width: float, most: float, least: float = 8.0) -> tuple[str, float]:
    """A word and the font size between `least` and `most` at which it fits into a width.

    A word is rather smaller than cut off; one that is or begins with a letter as wide as m or W is
    smaller still where its box would stay empty among others that say something. Where not even a
    letter would be left, it is empty.
    """
    if text_width(word, min(least, most)) > width:
        word = brief(word)
    size = max(min(most, width / max(text_width(word, 1.0), 0.1)), min(least, most))
    text = elided(word, size, width)
    if len(word) == 1 and not text and text_width(word, _SMALLEST) <= width:
        return word, width / text_width(word, 1.0)
    if word and not text and text_width(_ORDINARY, size) <= width:
        text = f"{word[0]}…"
        size = width / text_width(text, 1.0)
    return text, size


def brief(word: str) -> str:
    """The sign for a mark of the vocabulary where its name has no room, and for a character that
    has a number in place of a shape (U+200D); a word is itself."""
    if word.startswith("U+") and len(word) >= _NUMBERED:
        return _SHAPELESS
    return _SIGNS.get(word, word)


def shortened(
    forms: Sequence[str], width: float, most: float, least: float
) -> tuple[str, float] | None:
    """The first of several forms of the same words, from long to short, that fits into a width at
    a font size between `least` and `most`, with that size; None where not even the last one fits.

    The program's own words are not cut off: who words them also says what can be left out.
    """
    for form in forms:
        size = min(most, width / max(text_width(form, 1.0), 0.1))
        if size >= least:
            return form, size
    return None


def _pieces(word: str, size: float, width: float, bold: bool) -> list[str]:
    """A word in the pieces that fit into a width: at least one letter each, few of them."""
    pieces = [""]
    for number, char in enumerate(word):
        if pieces[-1] and text_width(pieces[-1] + char, size, bold=bold) > width:
            if len(pieces) == _MOST_PIECES:
                pieces[-1] = elided(pieces[-1] + word[number:], size, width, bold=bold)
                break
            pieces.append("")
        pieces[-1] += char
    return pieces


def wrapped(text: str, size: float, width: float, bold: bool = False) -> tuple[str, ...]:
    """The words of a text on as many lines as they need; a word that is too long for one goes on
    in the next, and only a very long one is elided: what follows a token stays with it."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *pieces, line = _pieces(word, size, width, bold)
        lines += pieces
    return (*lines, line) if line else tuple(lines)
