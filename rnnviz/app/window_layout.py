"""The window's place on the screen and its splitters, from one start to the next."""

from __future__ import annotations

from rnnviz.app.arrangement import begins_folded
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
    """Put the splitters of a furnished window where they were left last time."""
    states = {name: settings.layout(name) for name in window.splitters()}
    window.arrangement.restore({name: s for name, s in states.items() if s is not None})
    fold = window.actions_by_id["fold-foot"]
    window.foot.folded_changed.connect(fold.setChecked)
    begin_foot(window, settings)
    window.actions_by_id["cell-room"].setChecked(settings.gives_room)
    window.cell_room.set_wanted(settings.gives_room)
    if window.arrangement.by_hand and settings.foot_height:
        window.foot.open_height = settings.foot_height


def begin_foot(window: MainWindow, settings: Settings) -> None:
    """Fold the foot as it was chosen, or where nobody has, as the window's height allows."""
    chosen = settings.foot_folded
    window.foot.set_folded(begins_folded(window.height()) if chosen is None else chosen)
    window.begun_folded = window.foot.folded


def keep_layout(window: MainWindow, settings: Settings) -> None:
    """Remember place and size, and the splitters if somebody has moved them."""
    window.alone.set_on(False)
    window.cell_room.set_paused(True)
    for name, state in window.arrangement.states().items():
        settings.save_layout(name, state)
    if window.foot.folded != window.begun_folded:
        settings.foot_folded = window.foot.folded
    settings.foot_height = window.foot.open_height if window.foot.folded else 0
    settings.save_layout("window", window.saveGeometry())
