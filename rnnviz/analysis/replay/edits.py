"""Edits: which number of a pass is changed, when, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.replay.tape import Var
from rnnviz.trace import UserError

Array = NDArray[Any]
Action = Literal["set", "add", "scale", "clamp", "ablate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One intervention on a pass, by the names of ``docs/trace.md``.

    ``name`` is a state, gate or pre-activation (``h_l0``, ``c_l0``, ``f_l0``, …), the input
    (``x``; ``tokens`` to read another token), the ``attention`` weights, the ``logits``, or a
    parameter (``W_hh_l0``). ``step`` is the time step in its part (None: every step, which is
    how a unit is ablated or clamped for the whole pass); parameters are shared by all steps and
    take no step. ``index`` names the component (unit j: ``(j,)``; matrix entry: ``(i, j)``;
    empty: all of them), ``row`` the sequence of the batch (None: all).

    Actions on a number v: ``set`` → value, ``add`` → v + value, ``scale`` → v · value,
    ``clamp`` → v kept between value and high, ``ablate`` → 0.

    What flows back: a number that was set or ablated has no cause any more, so its gradient is
    recorded but stops there; a clamped one passes gradient only where it is strictly inside
    its limits; an added constant passes all, a scaled number ``value`` times the gradient.
    """

    name: str
    action: Action = "set"
    value: float = 0.0
    high: float = 1.0
    step: int | None = None
    index: tuple[int, ...] = ()
    row: int | None = None
    label: str = ""

    def __post_init__(self) -> None:
        if self.action not in get_args(Action):
            actions = ", ".join(get_args(Action))
            raise UserError(f"an edit cannot {self.action!r} a number; use one of {actions}")
        if not np.isfinite(self.value):
            raise UserError(f"the new value of {self.name} must be a finite number")
        if self.action == "clamp" and not self.value <= self.high:
            raise UserError(
                f"the clamp on {self.name} is empty: its low end {self.value} "
                f"is above its high end {self.high}"
            )

    def __str__(self) -> str:
        # It becomes the title of a pass, and there as everywhere on screen things count from 1.
        place = f"[{', '.join(str(place + 1) for place in self.index)}]" if self.index else ""
        when = "at every step" if self.step is None else f"at step {self.step + 1}"
        what = {
            "set": f"set to {self.value:g}",
            "add": f"raised by {self.value:g}",
            "scale": f"multiplied by {self.value:g}",
            "clamp": f"kept in [{self.value:g}, {self.high:g}]",
            "ablate": "ablated",
        }[self.action]
        return self.label or f"{self.name}{place} {what} {when}"


def edited(value: Var, edits: Iterable[Edit]) -> Var:
    """The value after all edits in their order; the last axes of a (B, …) value are indexed.

    Raises:
        UserError: if an edit names a component or a row that the value does not have.
    """
    for edit in edits:
        target = _target(value.value.shape, edit, batched=True)
        value = _apply(value, edit, target)
    return value


def edited_parameter(value: Var, edits: Iterable[Edit]) -> Var:
    """The same for a parameter, which has no batch axis."""
    for edit in edits:
        value = _apply(value, edit, _target(value.value.shape, edit, batched=False))
    return value


def edited_tokens(tokens: Array, edits: Iterable[Edit], vocabulary: int) -> Array:
    """Token ids (T, B) with ``set`` edits on ``tokens`` applied.

    Raises:
        UserError: if a token, a step or a row is out of range, a component is named (a token has
            none), or the action is not ``set``.
    """
    changed = np.array(tokens)
    for edit in edits:
        token = int(edit.value)
        if edit.action != "set" or token != edit.value or not 0 <= token < vocabulary:
            raise UserError(f"tokens can only be set, to a whole number from 0 to {vocabulary - 1}")
        if edit.step is not None and not 0 <= edit.step < len(changed):
            raise UserError(
                f"there is no step {edit.step + 1} (counted from 1) in this pass of {len(changed)}"
            )
        steps = slice(None) if edit.step is None else edit.step
        for of_step in changed[steps].reshape(-1, changed.shape[1]):
            of_step[_target(of_step.shape, edit, batched=True)] = token
    return changed


def _target(shape: tuple[int, ...], edit: Edit, batched: bool) -> Array:
    """Which components the edit means, as a mask of that shape."""
    mask = np.zeros(shape, dtype=bool)
    place: tuple[Any, ...] = edit.index
    if batched:
        place = (slice(None) if edit.row is None else edit.row, *edit.index)
    elif edit.step is not None or edit.row is not None:
        raise UserError(
            f"{edit.name} is shared by all steps and sequences: edit it without step and row"
        )
    if any(isinstance(i, int) and i < 0 for i in place):
        raise UserError(f"the edit of {edit.name} counts from 0: {place} is negative")
    try:
        mask[place] = True
    except IndexError:
        raise UserError(_no_such_place(shape, edit, batched)) from None
    return mask


def _no_such_place(shape: tuple[int, ...], edit: Edit, batched: bool) -> str:
    inner = shape[1:] if batched else shape
    if edit.row is not None and edit.row >= shape[0]:
        return f"row {edit.row} is not in this batch; use a row from 0 to {shape[0] - 1}"
    asked = ", ".join(str(place + 1) for place in edit.index)
    if edit.index and not inner:
        return f"{edit.name} is one number a step: edit it without a component in brackets"
    if len(edit.index) > len(inner):
        return f"{edit.name} has {len(inner)} indices, not {len(edit.index)}"
    last = ", ".join(map(str, inner))
    return f"{edit.name} has no component [{asked}] (counted from 1): its last is [{last}]"


def _apply(value: Var, edit: Edit, target: Array) -> Var:
    old = value.value
    ones = np.ones_like(old)
    match edit.action:
        case "set":
            return value.replaced(np.where(target, edit.value, old), np.where(target, 0.0, ones))
        case "ablate":
            return value.replaced(np.where(target, 0.0, old), np.where(target, 0.0, ones))
        case "add":
            return value + np.where(target, edit.value, 0.0)
        case "scale":
            return value * np.where(target, edit.value, ones)
        case "clamp":
            inside = (old > edit.value) & (old < edit.high)
            kept = np.clip(old, edit.value, edit.high)
            return value.replaced(
                np.where(target, kept, old), np.where(target & ~inside, 0.0, ones)
            )
