"""How deep the stage looks, and the moves in and out: mouse, wheel, keys and breadcrumbs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QRectF, QTimer, Signal, Slot

from rnnviz.app.level_transition import LevelTransition
from rnnviz.app.stage_model import StageModel
from rnnviz.app.unrolling import Unrolling
from rnnviz.scene.breadcrumbs import CELL, FOLD, GRAPH
from rnnviz.scene.levels import (
    Level,
    deeper,
    fitting,
    level_name,
    level_picture,
    outer,
    product_level,
    row_count,
    weights_at,
)
from rnnviz.scene.lighting import product_of_node
from rnnviz.scene.product_choices import PRODUCT, WAY
from rnnviz.scene.product_data import product_names
from rnnviz.scene.product_picture import ROW, goes_back
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.trace import ModelSpec
from rnnviz.views.picture_view import PictureView

_PUSH = 1.4
"""Zooming so far beyond the widest column goes one level in (or out)."""


class Levels(QObject):
    """Keeps the `Level` of the stage's main view and shows its picture there.

    `depth_changed` tells how deep one looks before it is shown, so that there is room for it.
    """

    depth_changed = Signal(int)

    def __init__(self, model: StageModel, view: PictureView, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._view = model, view
        self.transition = LevelTransition(view)
        self.unrolling = Unrolling(self._show, self)
        self._push = 1.0
        self._spec: ModelSpec | None = None
        self.level = self._came_from = Level()
        view.node_clicked.connect(self.click)
        view.node_activated.connect(self.activate)
        view.zoom_requested.connect(self.zoom)
        view.column_dragged.connect(self._drag)

    def picture(self, state: ViewState, width: float, height: float) -> Picture:
        """The builder of the view. Another model may lack what was being looked at."""
        if state.trace.spec != self._spec:
            self._spec = state.trace.spec
            fits = fitting(state, self.level)
            if fits.depth != self.level.depth:
                QTimer.singleShot(0, self, self._tell)
            self.level = fits
        return level_picture(state, width, height, self.level, self.unrolling.share)

    def _show(self) -> None:
        self._view.set_builder(self.picture)

    def _set(self, level: Level) -> None:
        self.level = level
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self._view.setAccessibleName(level_name(self.level, rolled=self.unrolling.is_rolled))
        self.depth_changed.emit(self.level.depth)

    def fold(self) -> None:
        """Roll the graph up, or unroll it, from however deep."""
        state = self._model.state
        self.transition.stop()
        self._set(Level())
        self.unrolling.turn(still=state is None or state.still)
        self._tell()

    def go(self, level: Level, node: str = "") -> None:
        """Show another level; `node` is the place that is entered or left."""
        if level == self.level:
            return
        inward = level.depth > self.level.depth
        moves = level.depth != self.level.depth
        still = self._model.state is None or self._model.state.still
        self._push = 1.0
        self.unrolling.finish()
        if self.transition.is_running and level == self._came_from:
            self._came_from = self.level
            self._set(level)
            self._show()
            self.transition.turn()
            return
        self._came_from = self.level
        if still or not moves:
            self.transition.stop()
            self._set(level)
            self._show()
            return
        before, place = self.transition.picture(), self._place(node) if inward else None
        self._set(level)
        self._show()
        self.transition.play(before, place or self._place(node), inward=inward)

    def open_at(self, node: str) -> bool:
        """Go one level in at a node, if it has an inside."""
        state = self._model.state
        if state is None:
            return False
        level = deeper(state, self.level, node)
        if level == self.level:
            return False
        if self.level.depth == 0:
            self._model.seek_column(int(node.rpartition("@")[2]), level.layer)
        self.go(level, node)
        self._view.setFocus()
        return True

    @Slot(str)
    def activate(self, node: str) -> None:
        """Double click: into a cell, an output or a matrix."""
        state, name = self._model.state, product_of_node(node)
        if state is None:
            return
        if self.level.depth == 1 and name in product_names(state.trace.spec):
            self.go(replace(self.level, product=name, unit=0, way=""), node)
        elif self.level.depth == 0 and node == "W":
            self.go(weights_at(state), node)
        elif self.level.depth == 0 and name and "@" in node:
            self._open_product(state, node)
        elif self.level.depth == 0:
            self.open_at(node)

    def _open_product(self, state: ViewState, node: str) -> None:
        """Into the product of a wire at its step, in one go."""
        level = product_level(state, node)
        if level is not None:
            self._model.seek_column(int(node.rpartition("@")[2]), level.layer)
            self.go(level, node)
            self._view.setFocus()

    @Slot(str)
    def click(self, node: str) -> None:
        """A click: a breadcrumb, a neighbour, a row, another product, or a node to select."""
        if node == FOLD:
            self.fold()
        elif node == GRAPH:
            self.go(Level(), self._here())
        elif node == CELL:
            self.outward()
        elif node.startswith("go:"):
            self._model.seek_column(int(node.removeprefix("go:")), self.level.layer)
        elif node.startswith(ROW):
            self.go(replace(self.level, unit=int(node.removeprefix(ROW))))
        elif node.startswith(PRODUCT):
            self.go(replace(self.level, product=node.removeprefix(PRODUCT)))
        elif node.startswith(WAY):
            self.go(replace(self.level, way=node.removeprefix(WAY), unit=0))
        else:
            self._model.select(node)

    def inward(self) -> None:
        """One level in: what is pointed at, selected or at the cursor."""
        state = self._model.state
        if state is None:
            return
        lowest = f"{state.cursor.operation.prefix}h_l0@{state.cursor.column}"
        if self.level.depth == 0:
            nodes = (state.hovered, state.selected, state.cursor.node, lowest)
            any(self.open_at(node) for node in nodes if "@" in node)
        elif self.level.depth == 1:
            names = product_names(state.trace.spec)
            found = [product_of_node(node) for node in (state.hovered, state.selected)]
            name = next((each for each in found if each in names), names[0])
            self.go(replace(self.level, product=name, unit=0, way=""), state.hovered)

    def outward(self) -> bool:
        """One level out; False where there is nothing to leave."""
        if self.level.depth == 0:
            return False
        self.go(outer(self.level), self._here())
        return True

    def stay(self, before: ViewState) -> None:
        """Look into the cell still that one looked into, and at the product the same way: of a pass
        without an update the last operation is at another step than of one with it."""
        state, column = self._model.state, before.cursor.column
        if state is None or not self.level.depth or state.cursor.column == column:
            return
        self._model.seek_column(column, self.level.layer)
        back = goes_back(before, self.level.way)
        if self.level.product and goes_back(self._model.state or state, self.level.way) != back:
            self.go(replace(self.level, way="backward" if back else "forward"))

    def move_row(self, rows: int) -> bool:
        """Choose another row of the product that is shown; False where none is."""
        state = self._model.state
        count = row_count(state, self.level, state.cursor.column) if state is not None else 0
        if not count:
            return False
        self._model.hover("")
        self.go(replace(self.level, unit=min(max(self.level.unit + rows, 0), count - 1)))
        return True

    def next_product(self, by: int) -> bool:
        """The next matrix of the same cell; False where no product is shown."""
        state = self._model.state
        if state is None or self.level.depth != 2 or self.level.is_output:
            return False
        names = product_names(state.trace.spec)
        at = (names.index(self.level.product) + by) % len(names)
        self.go(replace(self.level, product=names[at]))
        return True

    @Slot(float, float)
    def zoom(self, factor: float, x: float) -> None:
        """Zoom the axis; past the widest column go into the cell under the pointer."""
        state = self._model.state
        if state is None:
            return
        if self.level.depth == 0 and not self.unrolling.is_rolled:
            pitch = state.axis.pitch
            self._model.zoom(factor, x)
            now = self._model.state
            if now is None or factor < 1.0 or now.axis.pitch > pitch * 1.0001:
                self._push = 1.0
                return
        self._push = max(self._push, 1.0) * factor if factor > 1 else min(self._push, 1.0) * factor
        if self._push >= _PUSH:
            self._push = 1.0
            self._zoom_in(state, x)
        elif self._push <= 1.0 / _PUSH:
            self._push = 1.0
            self.outward()

    def _zoom_in(self, state: ViewState, x: float) -> None:
        if self.level.depth == 1:
            node = state.hovered if product_of_node(state.hovered) else self._nearest_matrix(x)
            self.activate(node)
            return
        if self.level.depth == 0 and not ("@" in state.hovered and self.open_at(state.hovered)):
            rolled = self.unrolling.is_rolled
            column = state.cursor.column if rolled else state.axis.column_at(x)
            part = next(p for p in state.trace.parts if p.start <= column < p.stop)
            self.open_at(f"{part.prefix}h_l0@{column}")

    def _nearest_matrix(self, x: float) -> str:
        """The matrix of the cell that stands nearest to an x; empty where there is none."""
        picture = self._view.picture
        hits = picture.hits if picture is not None else ()
        found = [hit for hit in hits if product_of_node(hit.node)]
        return min(found, key=lambda hit: abs(hit.rect.center[0] - x)).node if found else ""

    @Slot(int)
    def _drag(self, column: int) -> None:
        """Only the sequence has a time axis to drag along."""
        if self.level.depth == 0:
            self._model.drag_to_column(column)

    def _here(self) -> str:
        """The node whose inside is shown."""
        state = self._model.state
        if state is None:
            return ""
        if self.level.depth == 2 and not self.level.is_output:
            cell, column = self.level.cell, state.cursor.column
            prefix, _, layer = cell.rpartition("h_")
            return f"{prefix}W_{self.level.product}_{layer}@{column}"
        return self.level.node(state.cursor.column)

    def _place(self, node: str) -> QRectF | None:
        """Where a node stands in the picture that is shown now."""
        picture = self._view.picture
        if picture is None or not node:
            return None
        hit = next((hit for hit in picture.hits if hit.node == node), None)
        return None if hit is None else QRectF(hit.rect.x, hit.rect.y, hit.rect.w, hit.rect.h)
