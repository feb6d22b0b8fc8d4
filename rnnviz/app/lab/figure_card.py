"""One figure with its chooser, its settings, and a line that says how old it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.elided_combo import ElidedCombo
from rnnviz.app.elided_label import ElidedLabel
from rnnviz.app.lab.card_body import CardBody
from rnnviz.app.lab.catalog import Figure
from rnnviz.app.lab.controls import Controls
from rnnviz.app.lab.figure_menu import FigureMenu
from rnnviz.app.lab.figure_view import FigureView
from rnnviz.app.lab.request import Marks, Request
from rnnviz.app.lab.worker import Done
from rnnviz.scene.captions import pass_words
from rnnviz.scene.lab.sheet import message_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import Theme

_WAITING = "computing …"
_STOPPED = "Stopped. Change a setting or go to another pass to compute this figure."
_LEAST_REST = 0.1
_REST = 20.0
"""Rest between two drawings of a figure: seconds at least, and as a multiple of their cost."""
_HAND_SECONDS = 0.3
"""A hand that has not moved a setting for so long rests."""
_LONG_SECONDS = 0.6
"""A computation that takes longer than this shows a bar and can be cancelled."""


class FigureCard(QWidget):
    """Shows one figure of the catalogue. What is computed, and when, the desk decides."""

    chosen = Signal()
    changed = Signal()
    node_clicked = Signal(str)
    cancelled = Signal()
    taken = Signal(str)

    def __init__(self, figures: Sequence[Figure], key: str) -> None:
        super().__init__()
        self.key = key
        self.figures = tuple(figures)
        self.asked: object = None
        self.stopped: object = None
        self.large_button: QToolButton | None = None
        self.waiting = False
        self._theme: Theme | None = None
        self._marks = Marks()
        self._done: Done | None = None
        self._request: Request | None = None
        self._controls: dict[str, Controls] = {}
        self.chooser = ElidedCombo()
        self.chooser.setAccessibleName("figure")
        self.chooser.setMinimumContentsLength(10)
        for figure in self.figures:
            self.chooser.addItem(figure.title, figure.id)
            self.chooser.setItemData(self.chooser.count() - 1, figure.tip, 3)  # Qt.ToolTipRole
        self.head = QHBoxLayout()
        self.head.setContentsMargins(4, 6, 4, 0)
        self.head.setSpacing(2)
        self.head.addWidget(self.chooser, 1)
        self.menu = FigureMenu()
        self.menu.wanted.connect(self.taken)
        self.head.addWidget(self.menu)
        self.view = FigureView()
        self.age = ElidedLabel()
        self.age.setContentsMargins(10, 0, 10, 0)
        self.body = CardBody(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self.head)
        # Above the figure: under a tall one it would be out of sight until one scrolls.
        column.addWidget(self.age)
        column.addWidget(self.body)
        column.addStretch(1)
        self.bar = QProgressBar()
        self.bar.setMaximumHeight(14)
        self.bar.setAccessibleName("how far the computation is")
        self.cancel = cancel = QToolButton()
        cancel.setText("Cancel")
        cancel.clicked.connect(self.cancelled)
        self._wait = QWidget()
        row = QHBoxLayout(self._wait)
        row.setContentsMargins(10, 0, 10, 2)
        row.addWidget(self.bar, 1)
        row.addWidget(cancel)
        self._wait.hide()
        self._waiting_since: float | None = None
        self._rested_at = self._in_hand_until = 0.0
        self.body.add(self._wait)
        self.chooser.activated.connect(self._chosen)
        self.view.node_clicked.connect(self.node_clicked)
        self._show_controls()

    @property
    def figure(self) -> Figure:
        return self.figures[self.chooser.currentIndex()]

    @property
    def controls(self) -> Controls:
        return self._controls[self.figure.id]

    def controls_of(self, figure: str) -> Controls | None:
        """The settings of a figure that was shown here before."""
        return self._controls.get(figure)

    @property
    def result(self) -> Any:
        """What is on screen; None before the first result or after an error."""
        return self._done.result if self._done is not None else None

    @property
    def seconds(self) -> float:
        """How long what is on screen took to compute."""
        return self._done.seconds if self._done is not None else 0.0

    @property
    def request(self) -> Request | None:
        """What the figure on screen was asked for; None before the first."""
        return self._request

    def add_button(self, button: QToolButton) -> None:
        """Put a button beside the chooser."""
        self.head.addWidget(button)

    def choose(self, figure_id: str) -> None:
        """Show another figure, as if the user had chosen it."""
        index = self.chooser.findData(figure_id)
        if index >= 0 and index != self.chooser.currentIndex():
            self.chooser.setCurrentIndex(index)
            self._chosen()

    def show_waiting(self) -> None:
        """Say that something is on its way, where nothing is shown yet."""
        self.waiting = True
        if self._done is None:
            self._draw(partial(_message, _WAITING))

    def show_done(self, done: Done, request: Request) -> None:
        """Show a result, or why there is none."""
        self.waiting = False
        self._done, self._request = done, request
        begun = perf_counter()
        self._redraw()
        now = perf_counter()
        self._rested_at = now + max(_LEAST_REST, _REST * (now - begun))

    @property
    def is_resting(self) -> bool:
        """Whether the figure has just been drawn anew: drawing costs the window time, too."""
        return perf_counter() < self._rested_at

    @property
    def in_hand(self) -> bool:
        """Whether somebody is just now moving its settings."""
        return perf_counter() < self._in_hand_until

    def take_in_hand(self) -> None:
        """A setting was moved: for a moment the figure stays with the pass that it shows."""
        self._in_hand_until = perf_counter() + _HAND_SECONDS

    @property
    def is_fresh(self) -> bool:
        """Whether what is on screen has just been computed, or is in somebody's hand."""
        return self._done is not None and (
            self.in_hand or perf_counter() - self._done.finished < _HAND_SECONDS
        )

    def show_progress(self, done: int, total: int) -> None:
        """How far a computation is, if it takes long enough to be worth saying; 0, 0: none."""
        if not total:
            self._waiting_since = None
            self._wait.setVisible(False)
            return
        if self._waiting_since is None:
            self._waiting_since = perf_counter()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._wait.setVisible(perf_counter() - self._waiting_since > _LONG_SECONDS)

    def show_stopped(self) -> None:
        """The user did not want to wait: what is shown stays, and is not said to be renewed."""
        self.waiting = False
        self._wait.hide()
        if self._done is None:
            self._draw(partial(_message, _STOPPED))
        else:
            self.show_age()

    def set_look(self, theme: Theme, marks: Marks) -> None:
        """The theme and where the user points; redrawn only if it matters."""
        if theme is not self._theme or marks != self._marks:
            self._theme, self._marks = theme, marks
            self._redraw()

    def show_age(self, now: float | None = None) -> None:
        """Of which pass the figure is and when it was computed."""
        if self._done is None or self._request is None:
            return
        seconds = (now if now is not None else perf_counter()) - self._done.finished
        trace = self._request.trace if self.figure.follows else self._request.options.get("base")
        # Networks of the figure's own are of no iteration of this run; else as over the stage.
        whose = "" if trace is None else pass_words(trace)
        text = f"{whose}, {_ago(seconds)}" if whose else f"computed {_ago(seconds)}"
        short = f"{text}; a newer one comes" if self.waiting else ""
        if self.waiting:
            text += "; a newer one is being computed"
        if text != self.age.words:
            self.age.say(text, short=short)

    def _redraw(self) -> None:
        done = self._done
        if done is None or self._theme is None:
            return
        if done.error:
            self._draw(partial(_message, done.error))
        else:
            self._draw(partial(_figure, self.figure, done.result, self._marks))
        self.show_age()

    def _draw(self, draw: Any) -> None:
        theme = self._theme
        if theme is not None:
            self.view.set_draw(partial(draw, theme), self.figure.id if self._done else "")

    @Slot()
    def _chosen(self) -> None:
        self._done, self.asked, self.waiting = None, None, False
        self.age.say("")
        self._show_controls()
        self._draw(partial(_message, _WAITING))
        self.chosen.emit()

    def _set(self, figure: str) -> None:
        """Settings of a figure were changed; where those are out of sight, as edits are that Ctrl+Z
        takes back, their figure comes with what follows from it."""
        if figure == self.figure.id:
            self.changed.emit()
        else:
            self.choose(figure)

    def _show_controls(self) -> None:
        figure = self.figure
        if figure.id not in self._controls:
            controls = figure.make_controls()
            controls.changed.connect(partial(self._set, figure.id))
            self._controls[figure.id] = controls
            self.body.add(controls)
        for name, controls in self._controls.items():
            controls.setVisible(name == figure.id)
        self.view.setAccessibleName(figure.title)


def _message(text: str, theme: Theme, width: float) -> Picture:
    return message_picture(theme, width, text)


def _figure(figure: Figure, result: Any, marks: Marks, theme: Theme, width: float) -> Picture:
    return figure.draw(result, theme, width, marks)


def _ago(seconds: float) -> str:
    if seconds < 1:
        return "just now" if seconds < 0.3 else f"{seconds:.1f} s ago"
    if seconds < 60:
        return f"{seconds:.0f} s ago"
    return f"{seconds / 60:.0f} min ago"
