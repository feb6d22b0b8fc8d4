"""What if: choose a number of the pass, change it, and go back and forth between the changes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from rnnviz.analysis import Edit
from rnnviz.app.lab.controls import Controls
from rnnviz.app.lab.edit_form import EditForm
from rnnviz.app.lab.edit_history import EditHistory, Edits
from rnnviz.app.lab.edit_list import EditList
from rnnviz.app.lab.edit_targets import fits, value_at
from rnnviz.app.lab.kept_edits import KeptEdits
from rnnviz.app.lab.kept_shelf import KeptShelf
from rnnviz.app.tool_button import tool_button
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace


class WhatIfControls(Controls):
    """The form of one edit, the list of those that hold, and their past.

    `held` asks to keep live passes off the stage, `released` to let them back; `applied` asks to
    make weight edits on the network itself. All edits are made on `base`, the untouched pass.
    """

    held = Signal()
    released = Signal()
    applied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.history = EditHistory()
        self.base: Trace | None = None
        self.shown: Trace | None = None
        self._selected = ""
        self._row = 0
        self._gripped = 0.0
        self._can_apply = False
        self.form = EditForm()
        self.list = EditList()
        self.undo = tool_button("Undo", "Take back the last change of the edits")
        self.redo = tool_button("Redo", "Make it again")
        self.remove = tool_button("✕", "Take the chosen edit away (Delete in the list)")
        self.keep = tool_button("Keep", "Remember these edits under a name, to compare them")
        self.back = QPushButton("Back to the untouched pass")
        self.apply = QPushButton("Apply to the network")
        self.apply.setToolTip("Weight edits only: training goes on with them; Ctrl+Z undoes it")
        self.kept = KeptEdits()
        self.note = QLabel()
        self.note.setObjectName("muted")
        self.note.setWordWrap(True)
        self.add_row(self.form)
        self.add_row(self.list)
        self.add_row(_row(self.undo, self.redo, self.remove, self.keep))
        self.add_row(self.kept)
        self.add_row(self.note)
        self.add_row(_row(self.back))
        self.add_row(_row(self.apply))
        self.form.edited.connect(self._edit)
        self.form.settled.connect(self.history.settle)
        self.list.named.connect(self._rename)
        self.list.removed.connect(self._remove)
        self.undo.clicked.connect(self.take_back)
        self.redo.clicked.connect(self.make_again)
        self.remove.clicked.connect(self.list.remove)
        self.keep.clicked.connect(self._ask_name)
        self.kept.recalled.connect(self._recall)
        self.kept.forgotten.connect(self._forget)
        self.kept.failed.connect(self._say)
        self.back.clicked.connect(self.go_back)
        self.apply.clicked.connect(self.applied)
        self._say("")
        self._refresh()

    def options(self) -> dict[str, Any]:
        kept = tuple(self.history.kept.items())
        return {"base": self.base, "edits": self.history.edits, "kept": kept}

    def weight_edits(self) -> tuple[Edit, ...]:
        """The edits that could be applied to a network."""
        base = self.base
        if base is None:
            return ()
        steps = {target.name: target.steps for target in self.form.targets}
        return tuple(edit for edit in self.history.edits if steps.get(edit.name) == 0)

    def follow(self, trace: Trace, state: ViewState, *, can_apply: bool) -> None:
        """A pass that is not one of ours ends the edits; they come back with undo.

        That of another network ends their past as well: its numbers are not those that were edited.
        """
        self._can_apply = can_apply
        if trace is not self.base and trace is not self.shown:
            is_other = self.base is not None and self.base.spec != trace.spec
            had_edits = self.history.forget() if is_other else False
            self.history.clear()
            self.base, self.shown, offered = trace, None, self.form.targets
            self.form.set_trace(trace, state.row)
            if self.form.targets != offered:
                self._say(self._left_behind(had_edits, is_other=is_other))
                self._offer_kept(self.kept.box.currentText())
            self._refresh()
        if state.row != self._row:
            self._row = state.row
            self.form.set_row(state.row)
        if state.selected != self._selected:
            self._selected = state.selected
            self.form.select_node(state.selected, trace)

    def _fits(self, edits: Edits) -> bool:
        """Whether this pass has every number that is edited."""
        rows = 1 if self.base is None else self.base.batch_size
        return fits(edits, self.form.targets, rows)

    def _left_behind(self, had_edits: bool, *, is_other: bool) -> str:
        """What does not come along to another network, or to a pass that is shorter."""
        what = "network" if is_other else "pass"
        gone = "Another network: the edits of the one before are gone. " if had_edits else ""
        if self.history.waiting(self._fits):
            gone = (
                "Some edits made before name a step, an input or a sequence that this pass does "
                "not have: Undo and Redo pass them by until one that has it is shown. "
            )
        kept = self.history.kept.items()
        waiting = ", ".join(name for name, edits in kept if not self._fits(edits))
        return gone + (f"Kept, but not for this {what}: {waiting}." if waiting else "")

    @Slot(str)
    def _say(self, note: str) -> None:
        self.note.setText(note.strip())
        self.note.setVisible(bool(note))

    def grip(self, node: str, trace: Trace) -> bool:
        """Take hold of the number at ``h_l0@3[5]`` of the pass shown, to drag it.

        Returns False where nothing can be edited.
        """
        self.history.settle()
        if not self.form.grip(node, trace):
            return False
        target, edit = self.form.target, self.form.edit()
        assert target is not None
        assert edit is not None
        if target.is_token:
            self.form.value.setValue(int(node.partition("[")[2].removesuffix("]")))
        else:
            self._gripped = value_at(trace, target, edit.step or 0, edit.index, self._row)
        return True

    def drag(self, share: float) -> None:
        """Move the number in hand by a share of its usual range; a token stays what it is."""
        target = self.form.target
        if target is not None and not target.is_token:
            self.form.value.setValue(self._gripped + share * (target.high - target.low))

    @Slot()
    def go_back(self) -> None:
        """All edits undone at once, and the stage live again."""
        self.history.clear()
        self._tell()

    @Slot(object)
    def _edit(self, edit: Edit) -> None:
        self.history.put(edit)
        self._tell()

    def _tell(self) -> None:
        self._say("")
        self._refresh()
        (self.held if self.history.edits else self.released).emit()
        self.changed.emit()

    @property
    def holds(self) -> bool:
        """Whether any edit is made."""
        return bool(self.history.edits)

    @property
    def can_undo(self) -> bool:
        """Whether a change of the edits can be taken back."""
        return self.history.can_undo(self._fits)

    @property
    def can_redo(self) -> bool:
        """Whether one that was taken back can be made again."""
        return self.history.can_redo(self._fits)

    @Slot()
    def take_back(self) -> None:
        """Undo the last change of the edits."""
        self.history.undo(self._fits)
        self._tell()

    @Slot()
    def make_again(self) -> None:
        """Redo it."""
        self.history.redo(self._fits)
        self._tell()

    @Slot(int)
    def _remove(self, row: int) -> None:
        self.history.remove(row)
        self._tell()

    @Slot(int, str)
    def _rename(self, row: int, label: str) -> None:
        self.history.rename(row, label)
        self._tell()

    @Slot()
    def _ask_name(self) -> None:
        name, ok = QInputDialog.getText(self, "Keep these edits", "Name")
        if ok and name.strip():
            self.keep_as(name.strip())

    def keep_as(self, name: str) -> None:
        """Remember the edits; choosing the name brings them back."""
        self.kept.remember(name, self.history.edits, self.history.kept.get(name))
        self.history.keep(name)
        self._offer_kept(name)
        self.changed.emit()

    def put_on(self, shelf: KeptShelf) -> None:
        """Keep what is kept there, and offer what is there already."""
        self.kept.shelf = shelf
        self._offer_kept()

    def _offer_kept(self, chosen: str = "") -> None:
        self.kept.offer(self.history.kept, self._fits, chosen)

    @Slot(str)
    def _recall(self, name: str) -> None:
        if name in self.kept.brought:
            self.history.kept[name] = self.kept.brought.pop(name)
        if not self._fits(self.history.kept.get(name, ())):
            self._say(
                f"“{name}” was kept on another network or a longer pass: a number that it "
                "edits is not here."
            )
            return
        self.history.recall(name)
        self._tell()

    @Slot(str)
    def _forget(self, name: str) -> None:
        self.kept.discard(name, self.history.kept.pop(name, self.kept.brought.get(name, ())))
        self._offer_kept()
        self.changed.emit()

    def _refresh(self) -> None:
        edits = self.history.edits
        self.list.tell(edits, None if self.base is None else self.base.spec)
        self.undo.setEnabled(self.can_undo)
        self.redo.setEnabled(self.can_redo)
        for button in (self.remove, self.keep, self.back):
            button.setEnabled(bool(edits))
        weights = self.weight_edits()
        self.apply.setEnabled(self._can_apply and bool(weights) and len(weights) == len(edits))


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for widget in widgets:
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.addWidget(widget, 1)
    return holder
