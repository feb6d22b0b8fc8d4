"""The one state that all views of the window show, and the moves that change it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.lighting import owner
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace


class StageModel(QObject):
    """Holds the current `ViewState`; emits `changed` after every move that changed something.

    The position is counted in operations of the timeline; its end, `len(timeline)`, means that
    the whole pass is done.
    """

    changed = Signal()

    def __init__(self, theme: Theme, left: float, width: float, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._left = left
        self._width = width
        self._still = False
        self._live = False
        self.state: ViewState | None = None
        self.position = 0.0

    @property
    def live(self) -> bool:
        """Whether a new pass comes with every frame."""
        return self._live

    @property
    def timeline_length(self) -> int:
        return len(self.state.timeline) if self.state is not None else 0

    @property
    def at_end(self) -> bool:
        return self.state is None or self.position >= self.timeline_length

    def show_trace(self, trace: Trace) -> None:
        """Show another pass: zoom, selection and relative position stay where they can."""
        old = self.state
        kept = old is not None and _same_shape(old.trace, trace)
        at_end = self.at_end
        if old is not None and kept and (old.trace.update is None) == (trace.update is None):
            timeline = old.timeline
        else:
            timeline = Timeline(trace)
        length = float(len(timeline))
        self.position = min(self.position, length) if kept and not at_end else length
        axis = TimeAxis.fitted(trace.columns, self._left, self._width)
        if old is not None and kept:
            axis = old.axis
        cursor = cursor_at(timeline, self.position)
        self.state = ViewState(
            trace=trace,
            timeline=timeline,
            cursor=cursor,
            axis=axis,
            theme=self._theme,
            selected=old.selected if old is not None and kept else "",
            hovered=old.hovered if old is not None and kept else "",
            row=min(old.row, trace.batch_size - 1) if old is not None else 0,
            still=self._still,
            live=self._live,
        )
        self.changed.emit()

    def seek(self, position: float, *, keeps_choice: bool = False) -> None:
        """Move the cursor; the axis follows just far enough to keep its column in sight.

        From one operation to another the choice of a node ends: details follow the cursor. At the
        end of the pass nothing is being stepped through, and what was chosen stays.
        """
        if self.state is None:
            return
        self.position = min(max(position, 0.0), float(self.timeline_length))
        cursor = cursor_at(self.state.timeline, self.position)
        axis, selected = self.state.axis, self.state.selected
        # Within one operation somebody may have scrolled elsewhere, and stays there.
        if cursor.operation.index != self.state.cursor.operation.index:
            axis = axis.showing(cursor.column)
            selected = selected if keeps_choice or self.at_end else ""
        self._replace(cursor=cursor, axis=axis, selected=selected)

    def seek_column(self, column: int, layer: str | None = None) -> None:
        """Put the cursor on a column, in the phase in which it is.

        Where directions are computed one after the other, it stays in its sweep over the steps, or
        goes to that of a `layer` (``l0_reverse``); after the pass it is in the last one.
        """
        if self.state is None:
            return
        timeline, operation = self.state.timeline, self.state.cursor.operation
        if operation.phase == "update" or self.at_end:
            index = timeline.last_sweep(column)
        else:
            index = timeline.index_of(operation.phase, column, operation.kind, operation.layer)
        if layer:
            index = timeline.index_of(timeline.operation(index).phase, column, "state", layer)
        self.seek(timeline.last_of(index) + 1.0, keeps_choice=True)

    def drag_to_column(self, column: int) -> None:
        """The cursor is dragged to a column: a way of stepping, so details follow it."""
        self.select("")
        self.seek_column(column)

    def zoom(self, factor: float, x: float) -> None:
        if self.state is not None:
            self._replace(axis=self.state.axis.zoomed(factor, x))

    def scroll(self, columns: float) -> None:
        if self.state is not None:
            self._replace(axis=self.state.axis.scrolled(columns))

    def fit(self) -> None:
        if self.state is not None:
            columns = self.state.trace.columns
            self._replace(axis=TimeAxis.fitted(columns, self._left, self._width))

    def resize(self, left: float, width: float) -> None:
        """The views have another width: the axis keeps showing the same stretch of time."""
        self._left, self._width = left, width
        if self.state is not None:
            self._replace(axis=self.state.axis.resized(left, width))

    def select(self, node: str) -> None:
        """Choose a node; of a gradient the node that it belongs to."""
        node = owner(node)
        if self.state is not None and self.state.selected != node:
            self._replace(selected=node)

    def hover(self, node: str) -> None:
        if self.state is not None and self.state.hovered != node:
            self._replace(hovered=node)

    def choose_row(self, row: int) -> None:
        if self.state is not None:
            self._replace(row=min(max(row, 0), self.state.trace.batch_size - 1))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.state is not None:
            self._replace(theme=theme)

    def set_still(self, still: bool) -> None:
        self._still = still
        if self.state is not None:
            self._replace(still=still)

    def set_live(self, live: bool) -> None:
        """Whether a new pass comes with every frame."""
        if live != self._live:
            self._live = live
            if self.state is not None:
                self._replace(live=live)

    def _replace(self, **changes: object) -> None:
        assert self.state is not None
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names checked at run time by replace
        self.changed.emit()


def _same_shape(a: Trace, b: Trace) -> bool:
    """Whether the two passes have the same operations on the same columns, but for the update
    at the very end, which a pass looked at between two iterations does not have."""
    return (
        a.spec == b.spec
        and a.mode == b.mode
        and a.columns == b.columns
        and a.parts == b.parts
        and a.has_gradients == b.has_gradients
    )
