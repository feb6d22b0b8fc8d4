"""Fonts by name, so that a picture has the same words in the same places on every machine."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from rnnviz.scene.shapes import Family

FAMILIES: dict[Family, list[str]] = {
    "sans": ["DejaVu Sans", "Noto Sans", "Segoe UI", "Helvetica Neue", "Arial"],
    "mono": ["DejaVu Sans Mono", "Noto Sans Mono", "Consolas", "Menlo", "Courier New"],
    "serif": ["DejaVu Serif", "Noto Serif", "Cambria", "Georgia", "Times New Roman"],
}


_ACCENTS = "\u0300", "\u036f"
_MARK_PLACEMENT = QFont.Tag("mark")
_FIGURES = frozenset("0123456789.,-−")
"""No two of them are set closer together than their widths say."""


@cache
def font(
    family: Family, size: float, bold: bool = False, italic: bool = False, accents: bool = False
) -> QFont:
    """The font with that size in whole pixels, first family at hand, its widths not hinted;
    for text that `has_accents`, with `accents`."""
    made = QFont(FAMILIES[family])
    made.setPixelSize(max(round(size), 1))
    made.setBold(bold)
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleHint(QFont.StyleHint.Monospace if family == "mono" else QFont.StyleHint.SansSerif)
    if accents:
        # DejaVu Sans has Qt set them a whole letter too high; its glyphs have them in place.
        made.setFeature(_MARK_PLACEMENT, 0)
    return made


@lru_cache(maxsize=4096)
def has_accents(text: str) -> bool:
    """Whether a letter has an accent of its own character above it, as the m of m̂. Those of other
    scripts than the European ones are no accents: their fonts know where they belong."""
    lowest, highest = _ACCENTS
    return not text.isascii() and any(lowest <= char <= highest for char in text)


@cache
def metrics(family: Family, size: float, bold: bool, italic: bool) -> QFontMetricsF:
    return QFontMetricsF(font(family, size, bold, italic))


@cache
def heights(family: Family, size: float, bold: bool, italic: bool) -> tuple[float, float]:
    """Of the font's letters: the ascent, and the height of capitals, in logical pixels."""
    found = metrics(family, size, bold, italic)
    return found.ascent(), found.capHeight()


def is_number(text: str) -> bool:
    """Whether the text is made of figures alone. While a model trains such texts are hardly ever
    the same twice: what is made ready for the next time is made for nobody."""
    return _FIGURES.issuperset(text)


def advance(text: str, family: Family, size: float, bold: bool, italic: bool) -> float:
    """Width of the text in logical pixels, as the font at hand really sets it."""
    if is_number(text):
        widths = _widths_of_figures(family, size, bold, italic)
        return sum([widths[char] for char in text])
    return _advance(text, family, size, bold, italic)


@cache
def _widths_of_figures(family: Family, size: float, bold: bool, italic: bool) -> dict[str, float]:
    return {char: _advance(char, family, size, bold, italic) for char in _FIGURES}


@lru_cache(maxsize=4096)
def _advance(text: str, family: Family, size: float, bold: bool, italic: bool) -> float:
    return metrics(family, size, bold, italic).horizontalAdvance(text)
