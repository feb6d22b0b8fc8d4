"""The one check of a setting that counts something."""

from __future__ import annotations

from numbers import Integral

from rnnviz.trace.errors import UserError


def is_whole(value: object) -> bool:
    """Whether it is a whole number; truth values are not, although Python counts them."""
    return isinstance(value, int | Integral) and not isinstance(value, bool)


def whole(name: str, value: int, low: int = 0, high: int | None = None) -> int:
    """A whole number from ``low`` to ``high``, which goes for NumPy's, too; without ``high`` there
    is no end.

    Raises:
        UserError: if it is not one.
    """
    if not is_whole(value) or value < low or (high is not None and value > high):
        end = "" if high is None else f" to {high}"
        given = repr(value) if isinstance(value, str) else value  # '3' is no number, although 3 is
        raise UserError(f"{name} is {given}; use a whole number from {low}{end}")
    return int(value)
