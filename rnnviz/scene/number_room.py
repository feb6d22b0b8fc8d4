"""Whether the numbers of cells have room in them: where one has not, colours say what there is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.numbers import POWERS_FROM, figures_for, number_text
from rnnviz.scene.textwidth import text_width

_ONE_FIGURE = 9.5
"""Numbers below this have one figure before the point, however they are rounded."""
_EDGE = 1.0
"""How far figures may stand on the edges of their cell, logical pixels."""


def numbers_fit(values: NDArray[Any], cell: float, size: float, *, signed: bool = True) -> bool:
    """Whether the numbers of cells `cell` pixels wide fit at a font size: the widest are those at
    the two ends. `signed` as in `figures_for`."""
    if np.abs(values).max(initial=0.0) < _ONE_FIGURE:
        # What is written is chosen so that these fit.
        return True
    finite = values[np.isfinite(values)]
    if not finite.size:
        return True
    figures = figures_for(cell, size, signed=signed)
    ends = [float(finite.min()), float(finite.max())]
    if max(-ends[0], ends[1]) >= POWERS_FROM:
        # A power of ten may take less room than the largest number that is written out.
        plain = finite[np.abs(finite) < POWERS_FROM]
        ends += [float(plain.min(initial=0.0)), float(plain.max(initial=0.0))]
    return all(text_width(number_text(end, figures), size) <= cell + _EDGE for end in ends)
