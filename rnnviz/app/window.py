"""The main window: a frame that shows at once, and the panels in it. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget, QVBoxLayout, QWidget

from rnnviz.app.actions import build_actions, connect_actions, fill_menu_bar
from rnnviz.app.arrangement import Arrangement, first_size
from rnnviz.app.banner import Banner
from rnnviz.app.cell_room import CellRoom
from rnnviz.app.elided_label import ElidedLabel
from rnnviz.app.foot import Foot
from rnnviz.app.picture_alone import PictureAlone
from rnnviz.app.transport import TransportBar

if TYPE_CHECKING:
    from rnnviz.app.examples.foot_tabs import FootTabs
    from rnnviz.app.examples.held_out_line import HeldOutLine
    from rnnviz.app.lab.lab_panel import LabPanel
    from rnnviz.app.model_panel import ModelPanel
    from rnnviz.app.sample_card import SampleCard
    from rnnviz.app.stage import Stage
    from rnnviz.app.stage_model import StageModel
    from rnnviz.scene.theme import Theme
    from rnnviz.views.curve_view import CurveView
    from rnnviz.views.inspector_view import InspectorView
    from rnnviz.views.steplist_view import StepListView

_SPACE, _TIGHT_SPACE = 8, 4
_TIGHT_HEIGHT = 800
"""Below this the essentials need the room that looks good around them."""

_LONGEST_SUBJECTS = (30, 20, 12)
"""Characters: beside the menus there is room for no more, and beside a long model for fewer."""


class MainWindow(QMainWindow):
    """Transport on top; model and stage in the middle, training and sample below them, and the
    inspector in full height at the side.

    The frame with menus and transport needs neither NumPy nor the scene, so it is on screen while
    they are still being loaded; `fill` puts the panels in and makes the commands work.
    """

    panel: ModelPanel
    stage: Stage
    inspector: InspectorView
    steps: StepListView
    curve: CurveView
    sample: SampleCard
    tabs: FootTabs
    arrangement: Arrangement
    alone: PictureAlone
    cell_room: CellRoom
    held_out: HeldOutLine

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.actions_by_id: dict[str, QAction] = build_actions(self)
        actions = self.actions_by_id
        self.setWindowTitle("rnnviz")
        self.setAcceptDrops(True)
        self.closing: Callable[[], None] | None = None
        self.dropped: Callable[[str], None] | None = None
        self.painted: Callable[[float], None] | None = None
        self.menus = fill_menu_bar(self.menuBar(), actions)
        self.caption = ElidedLabel()
        self.caption.setContentsMargins(0, 0, 14, 0)
        self.caption.setMinimumWidth(self.caption.fontMetrics().horizontalAdvance("0" * 46))
        self.caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.menuBar().setCornerWidget(self.caption, Qt.Corner.TopRightCorner)
        self.transport = TransportBar(actions)
        self.transport.set_theme(theme)
        self.banner = Banner()
        for action in actions.values():
            # Before they do what they do, of which they may have to say something.
            action.triggered.connect(self.banner.tuck)
        self.side = QTabWidget()
        self.middle = QSplitter(Qt.Orientation.Horizontal)
        self.foot = Foot()
        self.whole = QSplitter(Qt.Orientation.Vertical)
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.begun_folded = False
        """Whether the foot was folded when the window opened: else nobody has chosen it."""
        self.lab_place = QWidget()
        self._lab: LabPanel | None = None
        self._lay_out()
        self.resize(QSize(*first_size(self.screen().availableSize().toTuple())))

    def fill(self, model: StageModel, handlers: Mapping[str, Callable[[], None]]) -> None:
        """Put the panels into the frame and let the commands do their work."""
        from rnnviz.app.furnishing import furnish_window

        furnish_window(self, model)
        # Last, so that Qt lays it out and styles it once.
        self._inner.addWidget(self.sides)
        connect_actions(self.actions_by_id, handlers)
        self.arrangement = Arrangement(
            self.splitters(), self.sides, lambda: self.foot.folded_height, self
        )
        panels = (self.middle.widget(0), self.foot, self.sides.widget(1), self.stage.below)
        graph, stage = self.stage.graph, self.stage.splitter
        self.cell_room = CellRoom(graph, stage, panels[0], self.foot, self.arrangement)
        self.stage.levels.depth_changed.connect(self.cell_room.look)
        self.alone = PictureAlone(
            self.actions_by_id["picture-alone"], graph, panels, self.cell_room, self.banner
        )
        self.stage.graph.setFocus()

    @property
    def lab(self) -> LabPanel:
        """The laboratory's panel, made when first asked for, in the place of its empty tab."""
        if self._lab is None:
            from rnnviz.app.lab.catalog import figures
            from rnnviz.app.lab.lab_panel import LabPanel

            self._lab = LabPanel(figures())
            column = QVBoxLayout(self.lab_place)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._lab)
        return self._lab

    def splitters(self) -> dict[str, QSplitter]:
        """The splitters whose positions are remembered, by name."""
        return {
            "sides": self.sides,
            "whole": self.whole,
            "middle": self.middle,
            "foot": self.foot,
            "stage": self.stage.splitter,
        }

    def tell_subject(self, subject: str, model: str) -> None:
        """Name what is looked at in the title and, with the model, in the corner."""
        names = [_cut(subject, length) for length in _LONGEST_SUBJECTS]
        self.setWindowTitle(names[0])
        whole, *shorter = (f"{name} · {model}" for name in names)
        # A name is cut before the model: the figures of another one would be left.
        self.caption.say(whole, short=(*shorter, model))

    def show_training(self, shown: bool) -> None:
        """Show what belongs to a run, or leave its room to a pass that was recorded somewhere."""
        transport = self.transport
        self.alone.set_on(False)
        self.cell_room.set_paused(True)
        for widget in (self.middle.widget(0), self.foot, transport.train, transport.status):
            if widget is not None:
                widget.setVisible(shown)
        self.cell_room.set_paused(False)
        self.actions_by_id["fold-foot"].setEnabled(shown)

    def is_lab(self, tab: int) -> bool:
        """Whether a tab at the side is the laboratory's."""
        return self.side.widget(tab) is self.lab_place

    def show_lab(self) -> None:
        """Bring the laboratory to the front at the side."""
        self.alone.set_on(False)
        self.side.setCurrentWidget(self.lab_place)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.height() < _TIGHT_HEIGHT
        self.transport.set_tight(tight)
        space = _TIGHT_SPACE if tight else _SPACE
        self._inner.setContentsMargins(_SPACE, space, _SPACE, space)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.closing is not None:
            self.closing()
        self.banner.dismiss()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self.dropped is not None:
            event.acceptProposedAction()
            if len(paths) > 1:
                # What is wrong with the first one, if anything, is said over this.
                self.banner.show_note(
                    f"Opening “{Path(paths[0]).name}” alone of {len(paths)} files: drop one at a "
                    "time, or the folder that they are in.",
                    ahead=True,
                )
            self.dropped(paths[0])

    def _lay_out(self) -> None:
        for splitter in (self.middle, self.foot, self.whole, self.sides):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(_SPACE)
        desk = QWidget()
        desk.setObjectName("desk")
        column = QVBoxLayout(desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        # A widget holds its place before the panels are there: the bar stands where it stays.
        panels = QWidget()
        self._inner = QVBoxLayout(panels)
        self._inner.setContentsMargins(_SPACE, _SPACE, _SPACE, _SPACE)
        column.addWidget(panels, 1)
        self.setCentralWidget(desk)
        self.banner.setParent(self)
        self.banner.settle_in(self.menuBar(), self.middle)


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1]}…"
