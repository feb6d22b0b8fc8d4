"""Edits of a pass as changes of a network's weights."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rnnviz.analysis import Edit
from rnnviz.analysis.replay.edits import edited_parameter
from rnnviz.analysis.replay.tape import Tape
from rnnviz.session.weight_change import WeightChange
from rnnviz.trace import Trace


def weight_changes(base: Trace, edits: Iterable[Edit]) -> tuple[WeightChange, ...]:
    """What the edits do to the parameters of `base`: only the entries that they change."""
    by_name: dict[str, list[Edit]] = {}
    for edit in edits:
        by_name.setdefault(edit.name, []).append(edit)
    changes = []
    for name, of_it in by_name.items():
        before = np.asarray(base[name], np.float64)
        after = edited_parameter(Tape().leaf(before), of_it).value
        changes.append(WeightChange(name, after != before, after))
    return tuple(changes)
