"""What every view is asked to show: one frozen value, shared by all of them."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import Cursor
from rnnviz.scene.theme import Theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace

READABLE_COLUMNS = 12
"""Columns up to which figures are drawn even while they change with every frame."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """A trace, where in it we are, and how it is looked at.

    `selected` and `hovered` are node ids (``h_l0@3``); `row` is the sequence of the batch that
    is shown; `still` asks for no motion: values change without travelling; `live` says that a new
    pass comes with every frame. A picture builder is
    a pure function ``(state, width, height) -> Picture``.
    """

    trace: Trace
    timeline: Timeline
    cursor: Cursor
    axis: TimeAxis
    theme: Theme
    selected: str = ""
    hovered: str = ""
    row: int = 0
    still: bool = False
    live: bool = False

    def is_readable(self, columns: int) -> bool:
        """Whether figures on so many columns stand still long enough to be read. While training
        runs flat out, what changes with every frame is drawn in colours and lengths only; the
        graph's letters stay, as stamps that are laid down again and again.
        """
        return not self.live or columns <= READABLE_COLUMNS
