"""Checking the settings a task takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from rnnviz.trace import UserError


def check_known(name: str, make: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Whether ``make`` takes every one of ``options`` by its name.

    Raises:
        UserError: naming those that the task ``name`` does not have, and those it has.
    """
    known = list(inspect.signature(make).parameters)
    unknown = [option for option in options if option not in known]
    if unknown:
        having = f"its settings are {', '.join(known)}" if known else "it has none"
        raise UserError(f"{name} has no setting {', '.join(map(repr, unknown))}; {having}")


def file_name(name: str, value: object) -> str:
    """A path.

    Raises:
        UserError: if it is not text, or names nothing.
    """
    if not isinstance(value, str) or not value:
        raise UserError(f"{name} is {value!r}; use the name of a file")
    return value
