"""A line over the window for what went wrong or what was done, never a dialog in the way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenuBar, QToolButton, QWidget

from rnnviz.app.banner_place import BannerPlace, line_fit
from rnnviz.app.theme import hex_of, mixed
from rnnviz.scene.plain_line import longest_start, plain_line
from rnnviz.scene.theme import Theme

_NOTE_MS = 8000
"""A note of what was done goes away by itself; one can have read it by then."""
_OFFER_MS = 60_000
_BORDERS = 12
"""Pixels of width that the frame and the layout take beside words and button."""
_LEAST = 20
"""Characters: what has room for fewer beside the menus can as well stand elsewhere."""
_MARGINS, _ROW_MARGINS = (14, 6, 8, 6), (8, 0, 2, 0)
_LOW_BUTTONS = "QFrame#banner QToolButton { padding: 0 6px; margin: 1px 0; border-radius: 3px; }"
"""The row of the menus is not as high as a button is otherwise."""


class Banner(QFrame):
    """Stands in the row of the menus, on one line. An error, which is to be read whole, floats over
    an edge of a panel; so do words that have no room in that row, until they can have been read or
    somebody goes on. Nothing else moves when it comes or goes; only what floats covers anything.

    An error stays until it is closed or replaced, a note for a few seconds, and words on what is
    under way or what the stage shows for as long as that lasts. Of a message of many lines it shows
    the last one, and never more than three lines of words: the rest is in the tip.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme: Theme | None = None
        self._is_error = False
        self._is_passing = False
        self._is_ahead = False
        self._state = ""
        self._message = ""
        self._spot = BannerPlace(self)
        self._spot.moved.connect(self._follow)
        self._in_row = False
        self._next: Callable[[], None] | None = None
        """An offer that waits until what is said over it has been read."""
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.timeout.connect(self._back_to_state)
        self._fold = QTimer(self)
        """Runs while a message is to be read whole, though it may cover something."""
        self._fold.setSingleShot(True)
        self._fold.timeout.connect(self.tuck)
        self._read: set[str] = set()
        """What has been: the message, or the words on what the stage shows that it stands over."""
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(*_MARGINS)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.text, 1)
        self._act = act = QToolButton()
        act.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        act.clicked.connect(self._accept)
        act.hide()
        row.addWidget(act)
        self._offered: Callable[[], None] | None = None
        self._again: Callable[[], None] | None = None
        """Makes the offer that is shown once more."""
        self._close = close = QToolButton()
        close.setText("Close")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.setAccessibleName("close this message")
        close.clicked.connect(self._put_away)
        row.addWidget(close)
        self.hide()

    def settle_in(self, menus: QMenuBar, over: QWidget) -> None:
        """Stand beside these menus from now on, or over the lower edge of that panel."""
        self._spot.settle(menus, over)

    def stand_high(self, high: bool) -> None:
        """Float over the upper edge, where a picture that has the window for itself has its title
        and its legend; at the lower one it has what the network reads."""
        self._spot.is_high = high
        self._place()

    def show_error(self, message: str) -> None:
        """Say what is wrong, where, and what to do."""
        self._leave.stop()
        self._say(message, is_error=True)

    def show_note(self, message: str, *, ahead: bool = False) -> None:
        """Say what was done; `ahead`: what is about to come on the table, with which it stays."""
        self._leave.start(_NOTE_MS)
        self._say(message, is_error=False)
        self._is_ahead = ahead

    def show_progress(self, message: str) -> None:
        """Say what is under way, until `settle` or another message, unless it is said already."""
        if self._is_ahead:
            return
        self._leave.stop()
        self._say(message, is_error=False)
        self._is_passing = True

    def show_offer(self, message: str, label: str, act: Callable[[], None]) -> None:
        """Say what could be done now, with a button that does it; it waits longer than a note, and
        for an error that is to be read. What is said over it meanwhile does not end it."""
        if self._is_error and not self.isHidden():
            self._next = partial(self.show_offer, message, label, act)
            return
        self._say(message, is_error=False)
        self._again = partial(self.show_offer, message, label, act)
        self._offered = act
        self._act.setText(label)
        self._act.setAccessibleName(f"{label}: {message}")
        self._act.show()
        self._leave.start(_OFFER_MS)
        self._place()

    def show_state(self, message: str) -> None:
        """Say what the stage shows, until `leave_state`."""
        self._leave.stop()
        self._state = message
        self._say(message, is_error=False)

    @property
    def state(self) -> str:
        """What is said of the stage, though another message may be over it; empty if nothing."""
        return self._state

    def leave_state(self) -> None:
        """The stage shows that no more; any other message stays."""
        is_shown, self._state = self._message == self._state, ""
        if is_shown:
            self._back_to_state()

    def settle(self) -> None:
        """Nothing is under way any more."""
        if self._is_passing and self.isVisible():
            self._back_to_state()

    def dismiss_error(self) -> None:
        """What was wrong is no more: it was about other data."""
        if self._is_error:
            self._back_to_state()

    @Slot()
    def dismiss_note(self) -> None:
        """What was done was done to something that is on the table no more."""
        is_note = self._leave.isActive() and self._offered is None
        if is_note and not self._is_ahead:
            self._leave.stop()
            self._back_to_state()

    def retract(self, message: str) -> None:
        """That note is true no more; any other message stays."""
        if self._message == message:
            self.dismiss_note()

    def dismiss(self) -> None:
        """Say nothing any more."""
        self._leave.stop()
        self._fold.stop()
        self._state, self._next, self._is_ahead = "", None, False
        self.hide()

    @Slot()
    def _put_away(self) -> None:
        """It has been read: what it stood over comes back."""
        self._leave.stop()
        if self._message == self._state:
            self._state = ""
        self._back_to_state()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._paint()

    def put_away_error(self) -> bool:
        """It has been read; False if there is none."""
        if not self._is_error or self.isHidden():
            return False
        self._put_away()
        return True

    @Slot()
    def tuck(self) -> None:
        """Somebody goes on: what floats, and is no error, covers nothing any more."""
        self._fold.stop()
        self._read.add(self._message)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        if not self.isHidden():
            self._place()

    @Slot()
    def _accept(self) -> None:
        act = self._offered
        self._put_away()
        if act is not None:
            act()

    @Slot()
    def _back_to_state(self) -> None:
        self._is_error = self._is_ahead = False
        self._offered = None
        offer, self._next = self._next, None
        if offer is not None:
            offer()
        elif self._state:
            self._say(self._state, is_error=False)
        else:
            self.hide()

    def _say(self, message: str, *, is_error: bool) -> None:
        self._is_error = is_error
        self._is_passing = self._is_ahead = False
        self._message = message
        self._read &= {self._state}
        if message not in self._read:
            self._fold.start(_NOTE_MS)
        if self._offered is not None and not self.isHidden():
            self._next = self._again
        self._offered = None
        self._act.hide()
        self.text.setText(plain_line(message))
        self.setAccessibleName("error" if is_error else "note")
        self.setAccessibleDescription(message)
        self._paint()
        self.show()
        self.raise_()
        self._place()

    def _place(self) -> None:
        row = self._row_for(plain_line(self._message))
        if self._in_row != (row is not None):
            self._in_row = row is not None
            self._paint()
        self._row.setContentsMargins(*(_ROW_MARGINS if self._in_row else _MARGINS))
        self.text.setWordWrap(not self._in_row)
        if row is not None:
            room = self._room(row.width())
            words, metrics = plain_line(self._message), self.text.fontMetrics()
            # How to get back stands at the end.
            self._show(metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room))
            taken = row.width() - room + metrics.horizontalAdvance(self.text.text())
            self.setGeometry(row.x(), row.y(), min(taken, row.width()), row.height())
            return
        width = self._spot.width
        self._show(longest_start(plain_line(self._message), line_fit(self.text, self._room(width))))
        needed = self.heightForWidth(width)
        self.setGeometry(self._spot.edge(needed if needed > 0 else self.sizeHint().height()))

    def _row_for(self, words: str) -> QRect | None:
        """The row of the menus, unless the words are to be read whole and have no room in it."""
        row = None if self._is_error else self._spot.row
        if row is None:
            return None
        room, metrics = self._room(row.width()), self.text.fontMetrics()
        least = 0 if self._message in self._read else metrics.horizontalAdvance(words)
        return row if room >= max(least, _LEAST * metrics.averageCharWidth()) else None

    def _room(self, width: int) -> int:
        """Pixels for words in a banner of so many."""
        margins = self._row.contentsMargins()
        room = width - margins.left() - margins.right() - _BORDERS
        for button in (self._act, self._close):
            if not button.isHidden():
                room -= self._row.spacing() + button.sizeHint().width()
        return room

    def _show(self, shown: str) -> None:
        self.text.setText(shown)
        self.text.setToolTip(self._message if shown != self._message else "")

    def _paint(self) -> None:
        if self._theme is None:
            return
        color = self._theme.bad if self._is_error else self._theme.accent
        ground = hex_of(mixed(color, self._theme.panel, 0.14))
        line = hex_of(mixed(color, self._theme.panel, 0.5))
        edge = f"border: 1px solid {line}; border-left: 4px solid {hex_of(color)};"
        frame = f"QFrame#banner {{ background: {ground}; {edge} border-radius: 4px; }}"
        self.setStyleSheet(frame + (_LOW_BUTTONS if self._in_row else ""))
