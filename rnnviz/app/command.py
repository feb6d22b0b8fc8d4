"""What a command is: a thing the user can do, with its place in the menus and its keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do.

    `menu` is a title, or a title and a submenu's after a slash; `keys` are portable key names, the
    first is shown in the menu.
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    checkable: bool = False
    separator: bool = False
