"""The laboratory's own figures as plain arrays: those that are more than an analysis of one pass.

What is an analysis of one pass has its arrays from `rnnviz.analysis.analyze`; these here need the
run, a setting of the user or several passes. Names and shapes stand in ``docs/analysis.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.lab.activity import UnitActivity
from rnnviz.scene.lab.cells import CellComparison
from rnnviz.scene.lab.clipping import ClipRecord
from rnnviz.scene.lab.difference import Difference
from rnnviz.scene.lab.flow_history import FlowHistory
from rnnviz.scene.lab.hand import ByHand

Arrays = dict[str, NDArray[Any]]
_TOP = 5


def figure_arrays(result: object) -> Arrays:
    """The numbers that a figure was drawn from.

    Raises:
        KeyError: for a result whose numbers are those of an analysis.
    """
    return _NUMBERS[type(result)](result)


def _history(found: FlowHistory) -> Arrays:
    return {
        "iterations": np.array(found.iterations, np.int64),
        "log10_norm_dL_dh": np.asarray(found.log10),
    }


def _clipping(found: ClipRecord) -> Arrays:
    return {
        "norm_before": np.array(found.before),
        "threshold": np.array(np.inf if found.threshold is None else found.threshold),
        "iteration": np.asarray(found.iteration),
        "log10_norm_low": np.asarray(found.low),
        "log10_norm_high": np.asarray(found.high),
        "clipped": np.array(found.clipped),
        "counted": np.array(found.counted),
    }


def _activity(found: UnitActivity) -> Arrays:
    arrays = {"unit": np.array(found.unit + 1), "values": np.asarray(found.values)}
    if found.probs.size:
        best = np.argsort(-found.probs, axis=1, kind="stable")[:, :_TOP]
        arrays |= {
            "top_classes": best,
            "top_probabilities": np.take_along_axis(found.probs, best, axis=1),
        }
    return arrays


def _difference(found: Difference) -> Arrays:
    arrays = {
        "change_h": np.asarray(found.change),
        ("kl" if found.entropic else "output_change"): np.asarray(found.divergence),
        "log10_norm_dL_dh_before": np.asarray(found.before_log10),
        "log10_norm_dL_dh_after": np.asarray(found.after_log10),
    }
    if found.loss_before is not None and found.loss_after is not None:
        arrays |= {
            "loss_before": np.array(found.loss_before),
            "loss_after": np.array(found.loss_after),
        }
    for number, each in enumerate(found.kept, 1):
        measure = "kl" if found.entropic else "output_change"
        arrays |= {
            f"compared_{number}_{measure}": np.asarray(each.divergence),
            f"compared_{number}_change_h": np.asarray(each.change),
        }
        if each.loss_after is not None:
            arrays[f"compared_{number}_loss"] = np.array(each.loss_after)
    return arrays


def _by_hand(found: ByHand) -> Arrays:
    arrays: Arrays = {}
    for name, each in (("real", found.real), ("made", found.made)):
        arrays |= {
            f"{name}_log10_norm_dL_dh": np.asarray(each.log10),
            f"{name}_largest_singular_value": np.array(each.sigma),
            f"{name}_spectral_radius": np.array(each.radius),
            f"{name}_loss": np.array(each.loss),
            f"{name}_grad_norm": np.array(each.grad_norm),
        }
    return arrays


def _cells(found: CellComparison) -> Arrays:
    arrays: Arrays = {"iteration": np.array(found.iteration)}
    for each in found.curves:
        arrays |= {
            f"{each.cell}_log10_norm_dL_dh": np.asarray(each.log10),
            f"{each.cell}_loss": np.array(each.loss),
            f"{each.cell}_log10_norm": np.asarray(each.matrix),
            f"{each.cell}_losses": np.asarray(each.losses),
            f"{each.cell}_parameters": np.array(each.parameters),
        }
    return arrays


_NUMBERS: Mapping[type, Callable[[Any], Arrays]] = {
    FlowHistory: _history,
    ClipRecord: _clipping,
    UnitActivity: _activity,
    Difference: _difference,
    ByHand: _by_hand,
    CellComparison: _cells,
}
