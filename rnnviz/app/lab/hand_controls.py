"""The handles of vanish and explode: strength of W_hh, steps, activation, clipping."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton

from rnnviz.app.lab.controls import Controls, Count, Pick, Slide
from rnnviz.app.lab.measure_hand import CLIP_OFF
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace

_CONTROLS = (
    Pick(
        "measure",
        "W_hh",
        (
            ("trained", "as trained"),
            ("sigma", "largest singular value σ₁"),
            ("radius", "spectral radius max |λ|"),
        ),
    ),
    Slide("strength", "set to", 0.1, 4.0, 1.0),
    Count("steps", "steps T", 0, 2000, 0, "as in the pass"),
    Pick(
        "activation",
        "activation",
        (("", "as trained"), ("tanh", "tanh"), ("relu", "relu"), ("linear", "none: h = a, linear")),
    ),
    Slide("clip", "clip ‖g‖ at", 0.01, CLIP_OFF, CLIP_OFF, off="off"),
    Pick("loss", "gradient of", (("last", "the last loss alone"), ("all", "all losses"))),
)


class HandControls(Controls):
    """`applied` asks to give the network on the table the scaled W_hh."""

    applied = Signal()

    def __init__(self) -> None:
        super().__init__(_CONTROLS)
        self.apply = QPushButton("Apply this W_hh to the network")
        self.apply.setToolTip("Training goes on with the scaled weights; Ctrl+Z undoes it")
        self.apply.setEnabled(False)
        self.apply.clicked.connect(self.applied)
        self.add_row(self.apply)
        self._can_apply = False
        self.field("strength").changed.connect(self._choose_measure)
        self.changed.connect(self._refresh)

    def follow(self, trace: Trace, state: ViewState, *, can_apply: bool) -> None:
        self.field("activation").setEnabled(not trace.spec.gates)
        if trace.spec.gates:
            self.field("activation").set_value("")
        self._can_apply = can_apply
        self._refresh()

    @Slot()
    def _choose_measure(self) -> None:
        """Who moves the slider means to set something."""
        if self.field("measure").value() == "trained":
            self.field("measure").set_value("sigma")
            self.changed.emit()

    @Slot()
    def _refresh(self) -> None:
        self.apply.setEnabled(self._can_apply and self.field("measure").value() != "trained")
