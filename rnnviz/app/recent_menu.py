"""File › Open recent: what was opened lately and is still there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from rnnviz.app.settings import Settings
from rnnviz.views.plain_tip import plain_tip


class RecentMenu(QObject):
    """A submenu that is filled anew each time it is shown."""

    def __init__(
        self,
        owner: QMenu,
        before: QAction,
        settings: Settings,
        open_path: Callable[[str], None],
    ) -> None:
        super().__init__(owner)
        self._settings = settings
        self._open = open_path
        self.menu = QMenu("Open &recent", owner)
        owner.insertMenu(before, self.menu)
        self.menu.aboutToShow.connect(self.fill)

    @Slot()
    def fill(self) -> None:
        """The files that still exist, newest first; one grey line where there are none."""
        self.menu.clear()
        there = [path for path in self._settings.recent if os.path.exists(path)]
        for path in there:
            action = self.menu.addAction(Path(path).name.replace("&", "&&"))
            action.setToolTip(plain_tip(path))
            action.setStatusTip(path)
            action.triggered.connect(lambda _checked=False, path=path: self._open(path))
        if not there:
            self.menu.addAction("Nothing opened yet").setEnabled(False)
