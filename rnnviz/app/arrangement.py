"""How the window's panels share its room until somebody moves a splitter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, Signal
from PySide6.QtWidgets import QSplitter

_FIRST = (1440, 900)
_LOW = 760
_FOLDED_BELOW = 480
"""Pixels of the window's height below which graph, strips and foot are too much for it."""
_FRAME = (8, 40)
"""Pixels that a desktop's frame and title bar take beside and over a window."""
_FOOT = (112, 190)
_SIDE = (260, 400)
_PANEL = 240
_GRAPH_SHARE = (0.46, 0.53)
"""The graph's share of a low stage and of a high one; the strips have the rest."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Pixels for neighbours in each splitter, in their order; Qt makes them fit exactly."""

    sides: tuple[int, int]
    """(everything but the side, side)"""
    whole: tuple[int, int]
    """(model and stage, training and sample)"""
    middle: tuple[int, int]
    """(model, stage)"""
    foot: tuple[int, int]
    """(training curve, sample and examples)"""
    stage: tuple[int, int]
    """(graph, strips)"""


def first_size(available: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the window on a first start: never more than the screen has."""
    width, height = (room - frame for room, frame in zip(available, _FRAME, strict=True))
    return min(_FIRST[0], width), min(_FIRST[1], height)


def begins_folded(height: int) -> bool:
    """Whether a window of this height opens with its foot folded, until somebody chooses."""
    return height < _FOLDED_BELOW


def first_shares(width: int, height: int, foot_height: int | None = None) -> Shares:
    """A share of the window for everything, so that small windows show the essentials whole.

    The foot and the side grow with the window, within bounds; the stage takes what is left. The
    side has the full height: the equations of a step, forward and backward, are its longest text.
    `foot_height` is what a folded foot needs.
    """
    foot = _bounded(height // 6, _FOOT) if foot_height is None else foot_height
    side = _bounded(round(width * 0.235), _SIDE)
    left = max(width - side, 1)
    tabs = _bounded(round(left * 0.36), (340, 480))
    low, high = _GRAPH_SHARE
    graph = round((height - foot) * (low if height < _LOW else high))
    return Shares(
        sides=(left, side),
        whole=(max(height - foot, 1), foot),
        middle=(_PANEL, max(left - _PANEL, 1)),
        foot=(max(left - tabs, 1), tabs),
        stage=(graph, max(height - foot - graph, 1)),
    )


class Arrangement(QObject):
    """Gives every panel its first share at every size of the window, until a splitter is moved by
    hand or comes back where it was left at an earlier start. `shared` tells when it has."""

    shared = Signal()

    def __init__(
        self,
        splitters: Mapping[str, QSplitter],
        outermost: QSplitter,
        foot_height: Callable[[], int | None],
        parent: QObject,
    ) -> None:
        """`splitters` by the names of `Shares`; `outermost` holds all others; `foot_height` says
        what the foot needs while it is folded."""
        super().__init__(parent)
        self._foot_height = foot_height
        self._splitters = splitters
        self._outermost = outermost
        self.by_hand = False
        for splitter in splitters.values():
            splitter.splitterMoved.connect(self._moved)
        outermost.installEventFilter(self)
        self.start_over()

    def start_over(self) -> None:
        """Sizes as on a first start."""
        self.by_hand = False
        shares = first_shares(
            self._outermost.width(), self._outermost.height(), self._foot_height()
        )
        for name, splitter in self._splitters.items():
            splitter.setSizes(getattr(shares, name))
        self.shared.emit()

    def restore(self, states: Mapping[str, QByteArray]) -> None:
        """Put splitters where they were left."""
        for name, state in states.items():
            self.by_hand = self._splitters[name].restoreState(state) or self.by_hand

    def states(self) -> dict[str, QByteArray]:
        """Where the splitters are, by name; nothing if nobody has moved one."""
        if not self.by_hand:
            return {}
        return {name: splitter.saveState() for name, splitter in self._splitters.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.by_hand:
            self.start_over()
        return super().eventFilter(watched, event)

    def _moved(self) -> None:
        self.by_hand = True


def _bounded(value: int, bounds: tuple[int, int]) -> int:
    return min(max(value, bounds[0]), bounds[1])
