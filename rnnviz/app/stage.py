"""The stage: the graph and the strips under it, two views of one state on one time axis."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QSplitter, QVBoxLayout, QWidget

from rnnviz.app.cards import Card
from rnnviz.app.examples.row_choice import RowChoice
from rnnviz.app.levels import Levels
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.axis import GUTTER, MARGIN, TimeAxis
from rnnviz.scene.breadcrumbs import GRAPH
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.state import ViewState
from rnnviz.views.picture_view import PictureView
from rnnviz.views.strips_view import StripsView

_TICKS = 1000
"""Scroll bar positions for one column."""
_PATIENCE_SECONDS = 0.7
"""How long panels may be empty without a word."""
_WAITING = "The first pass is on its way …"


class Stage(QWidget):
    """Shows the model's state in both views and turns what the mouse does into moves of it."""

    def __init__(self, model: StageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.graph = PictureView(graph_picture, "Unrolled graph")
        self.strips = StripsView()
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.below = Card()
        """The panel of the strips."""
        for view, card in ((self.graph, Card()), (self.strips, self.below)):
            card.column.addWidget(view)
            self.splitter.addWidget(card)
            view.node_hovered.connect(model.hover)
            view.scroll_requested.connect(model.scroll)
        self.strips.node_clicked.connect(model.select)
        self.strips.column_dragged.connect(model.drag_to_column)
        self.strips.zoom_requested.connect(model.zoom)
        self.levels = Levels(model, self.graph, self)
        self.graph.set_builder(self.levels.picture)
        self.splitter.setStretchFactor(0, 58)
        self.splitter.setStretchFactor(1, 42)
        self.bar = QScrollBar(Qt.Orientation.Horizontal)
        self.bar.setAccessibleName("scroll through the steps")
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.valueChanged.connect(self._scroll_to)
        self.bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.splitter, 1)
        self.row_choice = RowChoice(model)
        foot = QHBoxLayout()
        foot.addWidget(self.row_choice, 0, Qt.AlignmentFlag.AlignLeft)
        foot.addWidget(self.bar, 1)
        column.addLayout(foot)
        self.behind: list[PictureView] = []
        self._barred: TimeAxis | None = None
        self._empty_for = 0.0
        self.graph.installEventFilter(self)
        model.changed.connect(self.refresh)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.graph and event.type() == QEvent.Type.Resize:
            self._model.resize(GUTTER, max(self.graph.width() - GUTTER - MARGIN, 1.0))
            if self.behind:
                self._show_both()
        return super().eventFilter(watched, event)

    @Slot()
    def refresh(self) -> None:
        """Show the model's state as it is now."""
        state = self._model.state
        if state is None:
            return
        # While passes come with every frame, the views are shown in turns (`FrameLoop`).
        self.behind = [self.graph, self.strips] if state.live else []
        if not state.live:
            self._show_both()
        self._place_bar(state)

    def _show_both(self) -> None:
        """Without waiting for their turns: of another size they would have two time axes."""
        state = self._model.state
        if state is not None:
            self.behind = []
            self.graph.show(state)
            self.strips.show(state)

    def wait(self, seconds: float) -> None:
        """There has been no pass for so long again, as where a task makes its data first: empty
        panels that stay so look like a fault."""
        self._empty_for += seconds
        if self._empty_for >= _PATIENCE_SECONDS and not self.graph.waiting:
            self.graph.waiting = _WAITING
            self.graph.update()

    @property
    def inside(self) -> str:
        """The state whose cell, or one of whose products, stands in place of the graph."""
        return self.levels.level.cell

    def toggle_cell(self) -> None:
        """Open the cell at the cursor, or go back to the graph from however deep."""
        if self.levels.level.depth:
            self.levels.click(GRAPH)
        else:
            self.levels.inward()

    def _place_bar(self, state: ViewState) -> None:
        axis = state.axis
        if axis is self._barred:
            return
        self._barred = axis
        page = axis.width / axis.pitch
        most = max(axis.columns - page, 0.0)
        self.bar.blockSignals(True)
        self.bar.setRange(0, round(most * _TICKS))
        self.bar.setPageStep(max(round(page * _TICKS), 1))
        self.bar.setSingleStep(_TICKS)
        self.bar.setValue(round(axis.first * _TICKS))
        self.bar.blockSignals(False)
        self.bar.setVisible(most > 0.01)

    @Slot(int)
    def _scroll_to(self, value: int) -> None:
        if self._model.state is not None:
            self._model.scroll(value / _TICKS - self._model.state.axis.first)
