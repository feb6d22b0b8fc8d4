"""Checking the settings a task takes."""

from __future__ import annotations

from rnnviz.trace import UserError


def within(name: str, value: int, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``.

    Raises:
        UserError: if it is not one.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UserError(f"{name} is {value}; use a whole number from {low} to {high}")
    return value
