"""Outputs of many classes from far away: how sure the model is, and what the target gets."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.sampled import drawn_classes
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_place import OUTPUT_ROWS
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_values import strip_values

FAR_ROWS = 2
"""Rows of a large output from afar: the likeliest class and the marked one."""
LEAST_PITCH = 14.0
"""Pixels of a step from which the words of the likeliest classes are shown."""


def is_large(strip: Strip) -> bool:
    """Whether an output has too many classes to give each a row."""
    return strip.family == "outputs" and strip.range == "unit" and strip.rows > OUTPUT_ROWS


def is_far(state: ViewState, strip: Strip) -> bool:
    """Whether a large output is seen from so far that no class can be read: `FAR_ROWS` then."""
    return is_large(strip) and state.axis.pitch < LEAST_PITCH


def far_values(state: ViewState, strip: Strip) -> Values:
    """(T, 2): the largest probability of each step, and that of its target, or in a sample of what
    was drawn; 0 without one."""
    probs = strip_values(state, strip)
    targets = target_classes(state, len(probs))
    if state.trace.mode == "sample":
        targets = drawn_classes(state, strip.part, foreseen=True)
    said = np.take_along_axis(probs, np.maximum(targets, 0)[:, None], axis=1)[:, 0]
    return np.stack([probs.max(axis=1), np.where(targets >= 0, said, 0.0)], axis=1)


def target_classes(state: ViewState, steps: int) -> Values:
    """(T,) class that each step should say, -1 where there is none."""
    targets = state.trace.get("targets")
    if targets is None or targets.ndim != 2 or len(targets) != steps:
        return np.full(steps, -1)
    return np.asarray(targets[:, min(state.row, targets.shape[1] - 1)])
