"""LaTeX to glyphs and rules by ziamath: slow, so only for the table and for what is not in it."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree

from ziamath.config import config
from ziamath.zmath import Latex

from rnnviz.scene.equations_typeset import Glyph, Rule, Typeset

_SIZE = 100.0
_SVG = "{http://www.w3.org/2000/svg}"
_DIGITS = ("8", "x_{8}", "x_{y_{8}}")


def set_equation(tex: str) -> Typeset:
    """One line of mathematics; its digits are slots in the order in which they are written.

    The digits of the text are replaced by 0, 1, 2, … to see which glyph is which, and an 8
    stands in each slot afterwards. Digits of a style without a table of its own (bold, for
    example) and texts of more than ten digits are set as they are.

    Raises ValueError if ziamath does not understand it or draws it with anything but its glyphs
    and rules.
    """
    places = [match.start() for match in re.finditer("[0-9]", tex)]
    if not places or len(places) > 10:
        return _drawn(tex)
    probe = list(tex)
    for digit, place in enumerate(places):
        probe[place] = str(digit)
    drawn = _drawn("".join(probe))
    digits = digit_glyphs()
    styles = {glyph: (eight, d) for eight, ids in digits.items() for d, glyph in enumerate(ids)}
    slots = {styles[g[0]][1]: n for n, g in enumerate(drawn.glyphs) if g[0] in styles}
    if sorted(slots) != list(range(len(places))):
        return _drawn(tex)
    rest = [glyph for n, glyph in enumerate(drawn.glyphs) if n not in slots.values()]
    in_order = [drawn.glyphs[slots[digit]] for digit in range(len(places))]
    eights = [(styles[glyph][0], x, y, size) for glyph, x, y, size in in_order]
    return Typeset(drawn.width, drawn.ascent, drawn.descent, (*rest, *eights), drawn.rules)


def _drawn(tex: str) -> Typeset:
    config.svg2 = True
    config.precision = 4
    try:
        drawn = Latex(tex, size=_SIZE)
        root = ElementTree.fromstring(drawn.svg())
    except Exception as error:  # ziamath raises whatever its parser stumbles over
        raise ValueError(f"cannot typeset {tex!r}: {error}") from error
    _, top, _, height = map(float, root.attrib["viewBox"].split())
    boxes: dict[str, tuple[float, float, float]] = {}
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    for element in root:
        kind, at = element.tag.removeprefix(_SVG), element.attrib
        if kind == "symbol":
            x, y, width, _ = map(float, at["viewBox"].split())
            boxes[at["id"]] = (x, y, width)
        elif kind == "use":
            name = at["href"].removeprefix("#")
            box_x, box_y, box_width = boxes[name]
            if box_width == 0.0:
                continue  # a space
            scale = float(at["width"]) / box_width
            x = float(at["x"]) - box_x * scale
            y = float(at["y"]) - box_y * scale
            size = 12.0 * scale / _SIZE
            glyphs.append((_index(name), _em(x), _em(y), round(size, 3)))
        elif kind == "rect":
            rules.append(tuple(_em(float(at[k])) for k in ("x", "y", "width", "height")))  # type: ignore[arg-type]  # four of them
        else:
            raise ValueError(f"cannot typeset {tex!r}: {kind} in the drawing")
    width = drawn.getsize()[0]
    return Typeset(
        _em(width), _em(-top - 1.0), _em(top + height - 1.0), tuple(glyphs), tuple(rules)
    )


@cache
def digit_glyphs() -> dict[int, tuple[int, ...]]:
    """For each style (text, script, script of script) the glyph of 8 → those of 0 … 9."""
    found: dict[int, tuple[int, ...]] = {}
    for sample in _DIGITS:
        ids = [_drawn(sample.replace("8", str(d))).glyphs[-1][0] for d in range(10)]
        found[ids[8]] = tuple(ids)
    return found


def _index(name: str) -> int:
    match = re.search(r"_(\d+)$", name)
    if match is None:
        raise ValueError(f"glyph without a number: {name}")
    return int(match[1])


def _em(length: float) -> float:
    return round(length / _SIZE, 3)
