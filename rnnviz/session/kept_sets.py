"""What-if edits that were kept by name: they travel with the run on which they were made."""

from __future__ import annotations

import msgspec

from rnnviz.analysis import Edit

MOST_SETS = 200
"""Sets that are kept; the oldest makes room."""


class KeptSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Edits under the name that the user gave them; names of other networks' sets may be equal."""

    name: str
    edits: tuple[Edit, ...]


KeptSets = tuple[KeptSet, ...]


class KeptTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sets as they stand in a run file."""

    kept: KeptSets


def with_set(sets: KeptSets, new: KeptSet, instead_of: KeptSet) -> KeptSets:
    """These sets and a newer one, in place of one of them."""
    return (*without_set(sets, instead_of), new)[-MOST_SETS:]


def without_set(sets: KeptSets, gone: KeptSet) -> KeptSets:
    """These sets but one."""
    return tuple(each for each in sets if each != gone)
