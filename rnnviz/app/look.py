"""Light or dark, as chosen or as the desktop prefers, and the eyes to see it with.

The preview of another colour vision changes the theme itself, so that everything drawn from it is
what those eyes would see; exported pictures keep their colours. It is not kept for the next start:
a preview is something to look at and leave.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from rnnviz.app.command_choices import SCALES
from rnnviz.app.settings import Settings, ThemeChoice
from rnnviz.app.theme import apply_theme, desktop_theme
from rnnviz.scene.theme import VISIONS, Theme, Vision, theme


def chosen_theme(settings: Settings) -> Theme:
    """The theme that the settings ask for; what the desktop prefers if they leave it to that."""
    choice = settings.theme
    return theme(desktop_theme() if choice == "system" else choice)


class Look(QObject):
    """Keeps the application's theme; `changed` carries the new one."""

    changed = Signal(object)

    def __init__(self, app: QApplication, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._settings = settings
        self.vision: Vision = "typical"
        self.theme: Theme = chosen_theme(settings)
        apply_theme(app, self.theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def choose(self, choice: ThemeChoice) -> None:
        """Use this theme from now on, also at the next start."""
        self._settings.theme = choice
        self._apply()

    def see_as(self, vision: Vision) -> None:
        """Show all colours as these eyes see them, until said otherwise."""
        self.vision = vision
        self._apply()

    def tick_menu(self, actions: dict[str, QAction]) -> None:
        """Show the choice in the menu."""
        for choice in ("system", "light", "dark"):
            actions[f"theme-{choice}"].setChecked(self._settings.theme == choice)
        for percent in SCALES:
            actions[f"size-{percent}"].setChecked(self._settings.percent == percent)
        for vision in VISIONS:
            actions[f"vision-{vision}"].setChecked(self.vision == vision)

    def _wanted(self) -> Theme:
        chosen = chosen_theme(self._settings)
        if self.vision == "typical":
            return chosen
        from rnnviz.scene.color_vision import seen_theme

        return seen_theme(chosen, self.vision)

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
