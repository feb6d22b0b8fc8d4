"""The window's place on the screen and its splitters, from one start to the next."""

from __future__ import annotations

from rnnviz.app.settings import Settings
from rnnviz.app.window import MainWindow
from rnnviz.scene.theme import Theme


def first_frame(settings: Settings, theme: Theme) -> MainWindow:
    """The frame of the window, still without panels, where it was last time."""
    window = MainWindow(theme)
    geometry = settings.layout("window")
    if geometry is not None:
        window.restoreGeometry(geometry)
    return window


def restore_splitters(window: MainWindow, settings: Settings) -> None:
    """Put the splitters of a furnished window where they were last time."""
    for name, splitter in window.splitters().items():
        state = settings.layout(name)
        if state is not None:
            splitter.restoreState(state)


def keep_layout(window: MainWindow, settings: Settings) -> None:
    """Remember place, size and splitters."""
    for name, splitter in window.splitters().items():
        settings.save_layout(name, splitter.saveState())
    settings.save_layout("window", window.saveGeometry())
