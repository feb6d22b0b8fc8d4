"""What every view is asked to show: one frozen value, shared by all of them."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import Cursor
from rnnviz.scene.theme import Theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """A trace, where in it we are, and how it is looked at.

    `selected` and `hovered` are node ids (``h_l0@3``); `row` is the sequence of the batch that
    is shown; `still` asks for no motion: values change without travelling. A picture builder is
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
