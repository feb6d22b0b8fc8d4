"""The inspector as a widget: as high as its picture needs, inside a scroll area."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_findings import Findings
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.views.picture_view import PictureView


class InspectorView(QScrollArea):
    """Shows `inspector_picture`; what does not fit is scrolled, never cut."""

    node_clicked = Signal(str)
    node_hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Findings | None = None
        self.page = PictureView(
            self._picture, "Inspector", drag_columns=False, hint=QSize(320, 600), parent=self
        )
        # By Tab only: whoever clicks a node goes on stepping with the arrows.
        self.page.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.page.node_clicked.connect(self.node_clicked)
        self.page.node_hovered.connect(self.node_hovered)
        self.setWidget(self.page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(240)
        self.setAccessibleName("Inspector")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; what the pointer is on after that is lit."""
        super().wheelEvent(event)
        self.page.look_under(self.page.mapFromGlobal(event.globalPosition()))

    @property
    def paint_seconds(self) -> float:
        """What the last repaint cost."""
        return self.page.paint_seconds

    @property
    def is_ready(self) -> bool:
        """Whether the picture of the last state is there; equations are set at once, so it is."""
        return self.page.state is None or self.page.picture is not None

    @property
    def picture(self) -> Picture | None:
        return self.page.picture

    def set_findings(self, findings: Findings | None) -> None:
        """Results computed elsewhere, shown with the next picture."""
        if findings is not self._findings:
            self._findings = findings
            if self.page.state is not None:
                self.page.show(self.page.state)

    def point_at_next(self, by: int) -> None:
        """Point at another symbol of the equations, as the mouse would: for the keyboard."""
        picture, state = self.page.picture, self.page.state
        nodes = list(dict.fromkeys(hit.node for hit in picture.hits)) if picture else []
        if not nodes or state is None:
            return
        at = nodes.index(state.hovered) + by if state.hovered in nodes else (0 if by > 0 else -1)
        self.node_hovered.emit(nodes[at % len(nodes)])

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab leaves the page where it was read: Qt would scroll to the middle of what is left."""
        bar = self.verticalScrollBar()
        place = bar.value()
        moved = super().focusNextPrevChild(forward)
        bar.setValue(place)
        return moved

    def show(self, state: ViewState | None = None) -> None:
        """Show a state; without one, make the widget visible as any QWidget does."""
        if state is None:
            super().show()
        else:
            self.page.show(state)

    def _picture(self, state: ViewState, width: float, height: float) -> Picture:
        room = float(self.viewport().height())
        picture = inspector_picture(state, width, room, self._findings)
        needed = int(picture.height)
        if needed != self.page.minimumHeight():
            self.page.setMinimumHeight(needed)
        return picture
