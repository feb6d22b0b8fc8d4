"""What the laboratory does beyond showing: edited passes on the stage, weights for the run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.analysis import weight_spectra
from rnnviz.app.lab.controls import Controls
from rnnviz.app.lab.edit_words import edit_words
from rnnviz.app.lab.hand_controls import HandControls
from rnnviz.app.lab.kept_shelf import KeptShelf
from rnnviz.app.lab.measure_hand import block_factors, scaled_weights
from rnnviz.app.lab.weight_edits import weight_changes
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.lab.difference import Difference
from rnnviz.scene.lab.words import layer_words
from rnnviz.session.weight_change import WeightChange


class LabActions(QObject):
    """`edited` carries the pass of a what-if for the stage, `held` keeps live passes off it and
    `released` lets them back; `applied` asks to change the weights of the run on the table.
    """

    edited = Signal(object)
    held = Signal()
    released = Signal()
    applied = Signal(object, str)

    def __init__(self, model: StageModel, shelf: KeptShelf, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._shelf = shelf
        self._layer = ""
        self._let_go = False

    def show_edited(self, controls: Controls, found: Difference, edits: object) -> None:
        """Put the pass with these edits on the stage, unless others hold meanwhile."""
        if not isinstance(controls, WhatIfControls):
            return
        if edits and controls.history.edits == edits and not self._let_go:
            controls.shown = found.after
            self.edited.emit(found.after)

    def listen(self, controls: Controls, layer: str) -> None:
        """Hear the controls that act on the stage or on the run, once each."""
        self._layer = layer
        if controls.property("known"):
            return
        controls.setProperty("known", True)
        if isinstance(controls, WhatIfControls):
            controls.held.connect(self._hold)
            controls.released.connect(self._release)
            controls.applied.connect(self._apply_edits)
            controls.put_on(self._shelf)
        elif isinstance(controls, HandControls):
            controls.applied.connect(self._apply_scale)

    def let_go(self) -> None:
        """The user went back to the live passes: what still arrives of these edits is too late."""
        self._let_go = True

    @Slot()
    def _hold(self) -> None:
        self._let_go = False
        self.held.emit()

    @Slot()
    def _release(self) -> None:
        """No edits any more: the untouched pass comes back, or the live ones."""
        controls, state = self.sender(), self._model.state
        if isinstance(controls, WhatIfControls) and controls.base is not None and state is not None:
            if controls.shown is not None and state.trace is controls.shown:
                self.edited.emit(controls.base)
            controls.shown = None
        self.released.emit()

    @Slot()
    def _apply_edits(self) -> None:
        controls = self.sender()
        if isinstance(controls, WhatIfControls) and controls.base is not None:
            edits = controls.weight_edits()
            changes = weight_changes(controls.base, edits)
            controls.go_back()
            spec = controls.base.spec
            self.applied.emit(changes, "; ".join(edit_words(edit, spec) for edit in edits))

    @Slot()
    def _apply_scale(self) -> None:
        controls, state = self.sender(), self._model.state
        if isinstance(controls, HandControls) and state is not None:
            factors = block_factors(weight_spectra(state.trace, self._layer), controls.options())
            weights = scaled_weights(state.trace, self._layer, factors)
            changes = tuple(
                WeightChange(name, np.ones(values.shape, bool), values)
                for name, values in weights.items()
            )
            what = "σ₁" if controls.options()["measure"] == "sigma" else "max |λ|"
            strength = float(controls.options()["strength"])
            self.applied.emit(
                changes, f"{what} of W_hh, {layer_words(self._layer)} = {strength:.3g}"
            )
