"""Light or dark: what the user chose, or what the desktop prefers, applied to everything."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from rnnviz.app.settings import Settings, ThemeChoice
from rnnviz.app.theme import apply_theme, desktop_theme
from rnnviz.scene.theme import Theme, theme


class Look(QObject):
    """Keeps the application's theme; `changed` carries the new one."""

    changed = Signal(object)

    def __init__(self, app: QApplication, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._settings = settings
        self.theme: Theme = self._wanted()
        apply_theme(app, self.theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def choose(self, choice: ThemeChoice) -> None:
        """Use this theme from now on, also at the next start."""
        self._settings.theme = choice
        self._apply()

    def tick_menu(self, actions: dict[str, QAction]) -> None:
        """Show the choice in the menu."""
        for choice in ("system", "light", "dark"):
            actions[f"theme-{choice}"].setChecked(self._settings.theme == choice)

    def _wanted(self) -> Theme:
        choice = self._settings.theme
        return theme(desktop_theme() if choice == "system" else choice)

    @Slot()
    def _follow(self) -> None:
        if self._settings.theme == "system":
            self._apply()

    def _apply(self) -> None:
        wanted = self._wanted()
        if wanted is not self.theme:
            self.theme = wanted
            apply_theme(self._app, wanted)
            self.changed.emit(wanted)
