"""Room for an opened cell: what stands around the picture gives way, and comes back afterwards."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from rnnviz.app.arrangement import Arrangement
from rnnviz.app.foot import Foot

_NARROW = 1000
"""Width of a picture from which the letters in a cell are as large as everywhere else; where it is
less, the panel beside it gives way. Logical pixels, like all here."""
_TALL, _HEAD = 0.45, 26
"""Height of a cell as a share of its width, and the line above it."""
_STRIPS = 128
"""What the strips keep: the input and the states at the same steps."""


class CellRoom(QObject):
    """Gives the picture as much as a cell can use while one is open.

    First the strips become lower, in a narrow window the panel at the left goes, in a low one the
    foot folds. Whoever leaves the cell finds everything as it was, but for what was moved by hand
    in between. It is not remembered from one start to the next.
    """

    def __init__(
        self,
        picture: QWidget,
        stage: QSplitter,
        beside: QWidget | None,
        foot: Foot,
        arrangement: Arrangement,
    ) -> None:
        """`stage` holds the card of the picture and that of the strips; `beside` is the panel."""
        super().__init__(arrangement)
        self._picture, self._stage, self._beside, self._foot = picture, stage, beside, foot
        self.wanted = True
        """Whether anything gives way at all."""
        self._inside = self._paused = False
        self._sizes: list[int] | None = None
        self._panel: QWidget | None = None
        self._folds = False
        stage.splitterMoved.connect(self._moved)
        arrangement.shared.connect(self._share_again)

    @property
    def given(self) -> bool:
        """Whether anything has given way."""
        return self._panel is not None or self._folds or self._sizes is not None

    @Slot(int)
    def look(self, depth: int) -> None:
        """A cell or product is open (depth above 0), or the whole sequence is shown."""
        self._inside = depth > 0
        self._settle()

    def set_wanted(self, wanted: bool) -> None:
        """Let things give way, or leave them where they are."""
        self.wanted = wanted
        self._settle()

    def set_paused(self, paused: bool) -> None:
        """Somebody else arranges the panels for a while, and finds them as they were."""
        self._paused = paused
        self._settle()

    def _settle(self) -> None:
        on = self._inside and self.wanted and not self._paused
        if on and not self.given:
            self._give()
        elif not on and self.given:
            self._take_back()

    def _give(self) -> None:
        beside, sizes = self._beside, self._stage.sizes()
        if beside is not None and not beside.isHidden() and self._picture.width() < _NARROW:
            self._panel = beside
            set_shown(beside, shown=False)
        useful = round(_TALL * self._picture.width()) + _HEAD
        if self._stage.height() < useful + _STRIPS and not self._foot.isHidden():
            self._folds = not self._foot.folded
            self._foot.set_folded(True)
        room = sum(self._stage.sizes())
        wanted = min(useful, room - _STRIPS)
        if wanted > self._stage.sizes()[0]:
            self._sizes = sizes
            self._stage.setSizes([wanted, room - wanted])

    def _take_back(self) -> None:
        if self._panel is not None:
            set_shown(self._panel, shown=True)
        if self._folds:
            self._foot.set_folded(False)
        if self._sizes is not None:
            self._stage.setSizes(self._sizes)
        self._forget()

    def _forget(self) -> None:
        self._panel, self._folds, self._sizes = None, False, None

    @Slot()
    def _moved(self) -> None:
        """Where somebody puts the strips they stay."""
        self._sizes = None

    @Slot()
    def _share_again(self) -> None:
        """The window has another size, and every panel its first share of it."""
        if self.given:
            self._take_back()
            self._settle()


def set_shown(panel: QWidget, *, shown: bool) -> None:
    """Show or hide a panel of a splitter, whose other panels have their new size at once."""
    panel.setVisible(shown)
    around = panel.parentWidget()
    if isinstance(around, QSplitter):
        around.refresh()
