#!/usr/bin/env python
"""Typeset every equation that the program writes into resources/equations.json (takes minutes).

Run it after changing a formula in rnnviz/scene/equations*.py; a test says when it is needed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rnnviz.scene.equations_models import every_known_part
from rnnviz.scene.equations_setting import digit_glyphs, set_equation
from rnnviz.scene.equations_typeset import template

TARGET = Path(__file__).resolve().parent.parent / "resources" / "equations.json"


def rounded(entry: object) -> object:
    if isinstance(entry, list):
        return [rounded(each) for each in entry]
    return round(entry, 3) if isinstance(entry, float) else entry


def main() -> None:
    pieces = sorted({template(piece) for piece in every_known_part()})
    old: dict[str, list[object]] = {}
    if TARGET.exists() and "--all" not in sys.argv:
        old = json.loads(TARGET.read_text("utf-8"))["equations"]
    equations = {}
    for number, tex in enumerate(pieces):
        if tex in old:
            equations[tex] = rounded(old[tex])
            continue
        entry = set_equation(tex)
        equations[tex] = [entry.width, entry.ascent, entry.descent, entry.glyphs, entry.rules]
        if number % 50 == 0:
            print(f"{number} of {len(pieces)}", file=sys.stderr)
    lines = ",\n".join(
        f"{json.dumps(tex)}: {json.dumps(entry, separators=(',', ':'))}"
        for tex, entry in equations.items()
    )
    digits = json.dumps({str(key): ids for key, ids in digit_glyphs().items()})
    TARGET.write_text(f'{{"digits": {digits},\n"equations": {{\n{lines}\n}}}}\n', "utf-8")
    print(f"{len(equations)} equations, {TARGET.stat().st_size // 1024} KiB", file=sys.stderr)


if __name__ == "__main__":
    main()
