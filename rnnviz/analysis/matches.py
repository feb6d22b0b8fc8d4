"""Selecting units by where they are on, and finding other places where the same units are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import UserError

Array = NDArray[Any]
Side = Literal["positive", "negative"]


@dataclass(frozen=True, slots=True)
class Match:
    """Steps [start, stop) of sequence ``row`` where selected units are on together.

    ``units`` are all units that are on throughout and off just before and after (where the
    brush asked for it); ``shared`` of them belong to the selection S and ``jaccard`` is
    |A ∩ S| / |A ∪ S|.
    """

    row: int
    start: int
    stop: int
    units: tuple[int, ...]
    shared: int
    jaccard: float

    @property
    def length(self) -> int:
        return self.stop - self.start


class NothingSelected(UserError):
    """No unit is on in the range: so it is with these weights; with others some may be."""


def on(states: Array, threshold: float, side: Side = "positive") -> NDArray[np.bool_]:
    """Where a value counts as on: v ≥ τ, or v ≤ −τ on the negative side.

    Raises:
        UserError: for another side or a threshold that is no number.
    """
    if not np.isfinite(threshold):
        raise UserError(f"units cannot be on from {threshold}; give a finite number")
    if side not in ("positive", "negative"):
        raise UserError(f"units are on the positive or the negative side, not {side!r}")
    return np.asarray(states >= threshold if side == "positive" else states <= -threshold)


def select_units(
    states: Array,
    start: int,
    stop: int,
    *,
    off_before: int = 0,
    off_after: int = 0,
    threshold: float = 0.3,
    side: Side = "positive",
) -> tuple[int, ...]:
    """{j : h_t[j] ≥ τ for all t in [start, stop)}, and off for some steps before and after.

    ``states`` (T, H) of one sequence; τ the threshold (h ≤ −τ on the negative side). Pattern over
    [start − before, stop + after): 0…0 1…1 0…0. Steps beyond either end of the sequence are not
    looked at.

    Source: Strobelt, Gehrmann, Pfister & Rush, *LSTMVis* (arXiv 1606.07461): the select
    view, a range with a threshold, and the steps beside it in which the units are to be off.

    Raises:
        UserError: if the range is empty or outside of the sequence.
    """
    if not 0 <= start < stop <= len(states):
        raise UserError(
            f"the range {start} to {stop} does not lie in the {len(states)} steps: start counts "
            "from 0, and stop is the step after the last"
        )
    if off_before < 0 or off_after < 0:
        raise UserError("units are off for 0 or more steps before and after the range")
    active = on(states, threshold, side)
    selected = _has_pattern(active, start, stop, off_before, off_after)
    return tuple(int(unit) for unit in np.flatnonzero(selected))


def find_matches(
    states: Array,
    selection: tuple[int, ...],
    *,
    lengths: Array | None = None,
    threshold: float = 0.3,
    side: Side = "positive",
    off_before: int = 0,
    off_after: int = 0,
    at_least: int = 2,
    limit: int = 50,
    exclude: tuple[int, int, int] | None = None,
) -> tuple[Match, ...]:
    """Other places ranked by how many of the selected units are on together.

    ``states`` (T, B, H). A candidate is every maximal run of steps in which the *set* of
    selected units that are on keeps at least one common member: for every count of units that
    are on together, the longest run. Ranked by |A ∩ S| falling, |A ∪ S| rising, length falling;
    A are all units with that on/off pattern. Runs shorter than ``at_least`` steps are left out;
    ``exclude`` = (row, start, stop) is the brushed place itself.

    Source: the match view of LSTMVis, as above; the negative side is an addition.

    Raises:
        NothingSelected: if no unit is selected.
    """
    if not selection:
        raise NothingSelected(
            "no unit is on in the whole range: take fewer steps or lower the threshold"
        )
    active = on(states, threshold, side)
    chosen = np.array(selection)
    found: list[Match] = []
    for row in range(active.shape[1]):
        length = active.shape[0] if lengths is None else int(lengths[row])
        grid = active[:length, row]
        for start, stop in _runs(grid[:, chosen], at_least):
            if exclude is not None and _overlaps(exclude, row, start, stop):
                continue
            found.append(_match(grid, chosen, row, start, stop, off_before, off_after))
    best = [match for match in found if match.shared > 0]
    best.sort(key=lambda m: (-m.shared, len(m.units) - m.shared, -m.length, m.row, m.start))
    return tuple(best[:limit])


def _runs(grid: NDArray[np.bool_], at_least: int) -> list[tuple[int, int]]:
    """Maximal runs [start, stop) over which the same units stay on, for every set that occurs.

    A run is maximal when one more step on either side would lose one of its units. There are
    at most as many starts as steps where a unit comes on, and stops where one goes off.
    """
    padded = np.pad(grid, ((1, 1), (0, 0)))
    starts = np.flatnonzero((padded[1:-1] & ~padded[:-2]).any(axis=1))
    runs = []
    for start in starts:
        together = np.ones(grid.shape[1], dtype=bool)
        for stop in range(int(start), len(grid) + 1):
            held = together & grid[stop] if stop < len(grid) else np.zeros_like(together)
            lost = (together & ~held).any()
            began_here = (together & (padded[start + 1] & ~padded[start])).any()
            if stop > start and lost and began_here and stop - start >= at_least:
                runs.append((int(start), stop))
            together = held
            if not together.any():
                break
    return runs


def _overlaps(place: tuple[int, int, int], row: int, start: int, stop: int) -> bool:
    return place[0] == row and start < place[2] and place[1] < stop


def _match(
    grid: NDArray[np.bool_],
    chosen: Array,
    row: int,
    start: int,
    stop: int,
    off_before: int,
    off_after: int,
) -> Match:
    pattern = _has_pattern(grid, start, stop, off_before, off_after)
    units = np.flatnonzero(pattern)
    shared = int(pattern[chosen].sum())
    union = len(units) + len(chosen) - shared
    return Match(row, start, stop, tuple(int(u) for u in units), shared, shared / union)


def _has_pattern(
    active: NDArray[np.bool_], start: int, stop: int, off_before: int, off_after: int
) -> NDArray[np.bool_]:
    inside = active[start:stop].all(axis=0)
    before = active[max(0, start - off_before) : start].any(axis=0)
    after = active[stop : stop + off_after].any(axis=0)
    return np.asarray(inside & ~before & ~after)
