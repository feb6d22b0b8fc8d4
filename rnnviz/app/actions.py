"""The commands as Qt actions: in the menus, on their keys, connected to what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from rnnviz.app.commands import COMMANDS


def build_actions(owner: QWidget) -> dict[str, QAction]:
    """One QAction for each command, known to the whole window."""
    actions: dict[str, QAction] = {}
    for command in COMMANDS:
        action = QAction(command.text, owner)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setStatusTip(command.tip)
        action.setToolTip(command.tip)
        action.setCheckable(command.checkable)
        owner.addAction(action)
        actions[command.id] = action
    return actions


def connect_actions(
    actions: Mapping[str, QAction], handlers: Mapping[str, Callable[[], None]]
) -> None:
    """Let every action do its work.

    Raises:
        KeyError: if a command has no handler; a menu entry that does nothing must not exist.
    """
    for name, action in actions.items():
        handler = handlers[name]
        action.triggered.connect(lambda _checked=False, handler=handler: handler())


def fill_menu_bar(bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """The menus in the order of the table, by title without the mnemonic mark."""
    menus: dict[str, QMenu] = {}
    for command in COMMANDS:
        over, _, under = command.menu.partition("/")
        title = command.menu.replace("&", "")
        if title not in menus:
            parent = menus[over.replace("&", "")] if under else bar
            menus[title] = parent.addMenu(under or over)
        if command.separator:
            menus[title].addSeparator()
        menus[title].addAction(actions[command.id])
    return menus


def shortcut_rows() -> list[tuple[str, str, str]]:
    """(menu, what, keys) of every command that has a key, for the list of shortcuts."""
    rows = []
    for command in COMMANDS:
        if command.keys:
            text = command.text.replace("&", "").replace("…", "")
            rows.append((command.menu.replace("&", ""), text, "  or  ".join(command.keys)))
    return rows
