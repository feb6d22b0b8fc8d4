"""The transport bar: play and step through the pass, how fast, and train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from rnnviz.app.cards import Choice
from rnnviz.app.elided_label import ElidedLabel
from rnnviz.app.icons import IconName, icon
from rnnviz.app.theme import hex_of
from rnnviz.scene.legible import legible
from rnnviz.scene.theme import Theme

_SPACE, _TIGHT_SPACE = 6, 2
_WORDY = 1400
"""Pixels from which on there is room for words before the controls; their tips have them, too."""
_NARROW = 1200
"""Pixels below which the figures of training are elided, too."""
_NARROWEST = 1000
"""Pixels below which the units of stepping lose letters, and the speed half of its way."""
_SLIDER, _PHASE = (80, 48), (80, 70)
"""Least pixels of the speed and of the phase: usually, and then."""
_SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
"""Operations per second at the slider's positions."""


class TransportBar(QFrame):
    """Buttons mirror the Step and Train menus; nothing here has a state of its own but the unit
    and the speed, which it tells when the user changes them.
    """

    unit_chosen = Signal(str)
    speed_chosen = Signal(float)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._playing = False
        self._phase = ("", 0)
        self._theme: Theme | None = None
        row = self._row = QHBoxLayout(self)
        row.setSpacing(6)
        self.set_tight(False)
        self._buttons: dict[IconName, QToolButton] = {}
        entries: tuple[tuple[IconName, str], ...] = (
            ("start", "start"),
            ("back", "back"),
            ("play", "play"),
            ("forward", "forward"),
            ("end", "end"),
        )
        for name, action in entries:
            button = _tool_button(actions[action])
            if name == "play":
                button.setObjectName("play")
            self._buttons[name] = button
            row.addWidget(button)
        row.addSpacing(8)
        self._words = [_muted("step by"), _muted("play speed")]
        row.addWidget(self._words[0])
        self.unit = Choice(
            [
                (
                    "operation",
                    "operation",
                    "Every input, state, output, loss and gradient by itself",
                ),
                ("step", "time step", "One column at a time"),
                ("pass", "pass", "The whole forward or backward pass at once"),
            ],
            "step by",
            shorter={"operation": "op", "step": "step"},
        )
        self.unit.set_value("operation")
        self.unit.chosen.connect(self.unit_chosen)
        row.addWidget(self.unit)
        row.addSpacing(8)
        row.addWidget(self._words[1])
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(_SPEEDS) - 1)
        self.speed.setValue(2)
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed.setAccessibleName("animation speed")
        self.speed.valueChanged.connect(self._tell_speed)
        row.addWidget(self.speed)
        row.addSpacing(8)
        self.phase = ElidedLabel()
        self.phase.setObjectName("phase")
        row.addWidget(self.phase, 1)
        self.train = QPushButton("Train")
        self.train.setObjectName("train")
        self.train.setMinimumWidth(96)
        self.train.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.train.setToolTip(
            "Start or pause training (T); Train > Slowly rests after each iteration"
        )
        self.train.clicked.connect(actions["train"].trigger)
        row.addWidget(self.train)
        self.status = ElidedLabel()
        self.status.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row.addWidget(self.status)
        self._least = 0
        self._share(0)
        self._tell_speed()

    @property
    def operations_per_second(self) -> float:
        return _SPEEDS[self.speed.value()]

    def show_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self._draw_icons()

    def show_training(self, training: bool) -> None:
        self.train.setText("Pause" if training else "Train")

    def show_phase(self, text: str, color: int) -> None:
        """Words on what the cursor is doing, in the colour of its direction."""
        if (text, color) == self._phase:
            return
        # A style sheet of its own costs a millisecond, and most passes change nothing here.
        self._phase = (text, color)
        # The colour says the direction, too: in a narrow bar the quantity is what remains.
        self.phase.say(text, short=text.split(" — ")[-1])
        self.phase.setStyleSheet(f"color: {hex_of(legible(color))}")

    def set_tight(self, tight: bool) -> None:
        """In a low window the bar gives up the room over and under its buttons."""
        space = _TIGHT_SPACE if tight else _SPACE
        self._row.setContentsMargins(12, space, 12, space)

    def showEvent(self, event: QShowEvent) -> None:
        """How narrow the bar can be is known once it has its fonts."""
        super().showEvent(event)
        self._share(0)
        self._least = self._row.minimumSize().width()
        self._share(self.width())
        # Before the first frame is painted, in which letters would have the room of fewer.
        self._row.activate()

    def minimumSizeHint(self) -> QSize:
        """That of the shortest words, however wide the bar is now: a window is made narrow in one
        go, too."""
        hint = super().minimumSizeHint()
        return QSize(min(self._least or hint.width(), hint.width()), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window what the controls are called gives its room to the phase.

        The status has a width of its own, so that nothing moves while its figures grow.
        """
        super().resizeEvent(event)
        self._share(self.width())

    def _share(self, width: int) -> None:
        for label in self._words:
            label.setVisible(width >= _WORDY)
        digits = 35 if width >= _NARROW else 17
        # Of one size it changes four times a second without the window being laid out again.
        metrics = self.status.fontMetrics()
        self.status.setFixedSize(metrics.horizontalAdvance("0" * digits), metrics.height())
        self._row.setSpacing(6 if width >= _NARROW else 3)
        short = width < _NARROWEST
        self.unit.set_short(short)
        self.speed.setFixedWidth(_SLIDER[short])
        self.phase.setMinimumWidth(_PHASE[short])

    def show_status(self, text: str, shorter: Sequence[str] = ()) -> None:
        """Where training is; `shorter` for a bar that has no room for all of it."""
        self.status.say(text, short=shorter)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._draw_icons()

    def _draw_icons(self) -> None:
        if self._theme is None:
            return
        for name, button in self._buttons.items():
            shown: IconName = "pause" if name == "play" and self._playing else name
            color = self._theme.panel if name == "play" else self._theme.ink
            button.setIcon(icon(shown, color, max(self.devicePixelRatioF(), 2.0)))

    def _tell_speed(self) -> None:
        speed = self.operations_per_second
        self.speed.setToolTip(
            f"Playing the pass: {speed:g} operations per second. "
            "How fast training goes: Train > Slowly"
        )
        self.speed_chosen.emit(speed)


def _tool_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setIconSize(QSize(20, 20))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    keys = " or ".join(sequence.toString() for sequence in action.shortcuts())
    button.setToolTip(f"{action.text().replace('&', '')} ({keys})")
    button.setAccessibleName(action.text().replace("&", ""))
    button.clicked.connect(action.trigger)
    return button


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("muted")
    return label
