"""The picture alone in the window: graph, cell or product as large as the screen lets it be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from rnnviz.app.banner import Banner
from rnnviz.app.cell_room import CellRoom, set_shown

_NOTE = "The picture has the window for itself. F8: all panels."


class PictureAlone:
    """Takes the panels around the picture away and puts back those that it took, no others.

    It is not remembered from one start to the next: a window without panels explains nothing.
    """

    def __init__(
        self,
        action: QAction,
        picture: QWidget,
        around: Sequence[QWidget | None],
        room: CellRoom,
        banner: Banner,
    ) -> None:
        """`banner` says at first how the panels come back."""
        self._banner = banner
        self._action = action
        self._picture = picture
        self._room = room
        self._around = tuple(panel for panel in around if panel is not None)
        self._taken: tuple[QWidget, ...] = ()

    @property
    def on(self) -> bool:
        """Whether the picture has the window for itself."""
        return bool(self._taken)

    def set_on(self, on: bool) -> None:
        """Let the picture fill the window, or give the panels their room back."""
        if on and not self._taken:
            self._room.set_paused(True)
            self._taken = tuple(panel for panel in self._around if not panel.isHidden())
            # Keys go to the picture before their old owner is out of sight.
            self._picture.setFocus()
            for panel in self._taken:
                panel.hide()
            self._banner.stand_high(True)
            self._banner.show_note(_NOTE)
        elif not on:
            self._banner.retract(_NOTE)
            self._banner.stand_high(False)
            for panel in self._taken:
                set_shown(panel, shown=True)
            self._taken = ()
            self._room.set_paused(False)
        self._action.setChecked(self.on)
