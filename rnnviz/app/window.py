"""The main window: builds the panels and lays them out. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.actions import build_actions, connect_actions, fill_menu_bar
from rnnviz.app.banner import Banner
from rnnviz.app.cards import Card, heading_label
from rnnviz.app.examples.foot_tabs import FootTabs
from rnnviz.app.examples.held_out_line import HeldOutLine
from rnnviz.app.lab.catalog import figures
from rnnviz.app.lab.lab_panel import LabPanel
from rnnviz.app.model_panel import ModelPanel
from rnnviz.app.sample_card import SampleCard
from rnnviz.app.stage import Stage
from rnnviz.app.stage_model import StageModel
from rnnviz.app.transport import TransportBar
from rnnviz.scene.theme import Theme
from rnnviz.views.curve_view import CurveView
from rnnviz.views.inspector_view import InspectorView
from rnnviz.views.steplist_view import StepListView

_SPACE = 8


class MainWindow(QMainWindow):
    """Transport on top; model, stage and inspector in the middle; training and sample below."""

    def __init__(self, model: StageModel, handlers: Mapping[str, Callable[[], None]]) -> None:
        super().__init__()
        self.actions_by_id: dict[str, QAction] = build_actions(self)
        actions = self.actions_by_id
        connect_actions(actions, handlers)
        self.setWindowTitle("rnnviz")
        self.setAcceptDrops(True)
        self.closing: Callable[[], None] | None = None
        self.dropped: Callable[[str], None] | None = None
        self.painted: Callable[[float], None] | None = None
        self.menus = fill_menu_bar(self.menuBar(), actions)
        self.caption = QLabel()
        self.caption.setObjectName("muted")
        self.caption.setContentsMargins(0, 0, 14, 0)
        self.caption.setMinimumWidth(self.caption.fontMetrics().horizontalAdvance("0" * 46))
        self.caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.menuBar().setCornerWidget(self.caption, Qt.Corner.TopRightCorner)
        self.transport = TransportBar(actions)
        self.banner = Banner()
        self.panel = ModelPanel()
        self.stage = Stage(model)
        self.inspector = InspectorView()
        self.figures = figures()
        self.lab = LabPanel(self.figures)
        self.steps = StepListView()
        self.side = QTabWidget()
        self.curve = CurveView()
        self.sample = SampleCard(actions["sample"])
        self.tabs = FootTabs(self.sample)
        self.held_out = HeldOutLine()
        self.middle = QSplitter(Qt.Orientation.Horizontal)
        self.foot = QSplitter(Qt.Orientation.Horizontal)
        self.whole = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self.first_layout()
        self.stage.graph.setFocus()

    def splitters(self) -> dict[str, QSplitter]:
        """The splitters whose positions are remembered, by name."""
        return {
            "middle": self.middle,
            "foot": self.foot,
            "whole": self.whole,
            "stage": self.stage.splitter,
        }

    def first_layout(self) -> None:
        """Sizes as on a first start; Qt scales them to the window."""
        self.middle.setSizes([230, 900, 310])
        self.foot.setSizes([1010, 410])
        self.whole.setSizes([720, 150])
        self.stage.splitter.setSizes([390, 350])

    def set_theme(self, theme: Theme) -> None:
        self.transport.set_theme(theme)
        self.banner.set_theme(theme)
        self.panel.set_theme(theme)
        self.tabs.set_theme(theme)

    def event(self, event: QEvent) -> bool:
        """Everything dirty is painted in one event; how long it took goes to `painted`."""
        if event.type() == QEvent.Type.UpdateRequest and self.painted is not None:
            begun = perf_counter()
            handled = super().event(event)
            self.painted(perf_counter() - begun)
            return handled
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.closing is not None:
            self.closing()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self.dropped is not None:
            event.acceptProposedAction()
            self.dropped(paths[0])

    def _lay_out(self) -> None:
        for splitter in (self.middle, self.foot, self.whole):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(_SPACE)
        panel = _card_of(self.panel)
        panel.setMinimumWidth(228)
        self.side.setDocumentMode(True)
        self.side.setAccessibleName("details")
        self.side.addTab(self.inspector, "Inspector")
        self.side.addTab(self.steps, "Steps")
        self.side.addTab(self.lab, "Lab")
        side = _card_of(self.side)
        side.setMinimumWidth(240)
        self.middle.addWidget(panel)
        self.middle.addWidget(self.stage)
        self.middle.addWidget(side)
        self.middle.setStretchFactor(1, 1)
        curve = Card()
        title = QHBoxLayout()
        title.setContentsMargins(10, 6, 10, 0)
        title.addWidget(heading_label("Training — drag to travel back"))
        title.addWidget(self.held_out, 1)
        curve.column.addLayout(title)
        curve.column.addWidget(self.curve, 1)
        self.foot.addWidget(curve)
        self.foot.addWidget(_card_of(self.tabs))
        self.foot.setStretchFactor(0, 1)
        self.whole.addWidget(self.middle)
        self.whole.addWidget(self.foot)
        self.whole.setStretchFactor(0, 1)
        desk = QWidget()
        desk.setObjectName("desk")
        column = QVBoxLayout(desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addWidget(self.banner)
        inner = QVBoxLayout()
        inner.setContentsMargins(_SPACE, _SPACE, _SPACE, _SPACE)
        inner.addWidget(self.whole)
        column.addLayout(inner, 1)
        self.setCentralWidget(desk)


def _card_of(content: QWidget) -> Card:
    card = Card()
    card.column.addWidget(content)
    return card
