"""The panels of the main window and where they stand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from rnnviz.app.cards import Card
from rnnviz.app.examples.foot_tabs import FootTabs
from rnnviz.app.examples.held_out_line import HeldOutLine
from rnnviz.app.model_panel import ModelPanel
from rnnviz.app.sample_card import SampleCard
from rnnviz.app.stage import Stage
from rnnviz.app.stage_model import StageModel
from rnnviz.views.curve_view import CurveView
from rnnviz.views.inspector_view import InspectorView
from rnnviz.views.steplist_view import StepListView

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow


def furnish_window(window: MainWindow, model: StageModel) -> None:
    """Make every panel that is seen at first and put it into the window's splitters."""
    window.panel = ModelPanel()
    window.panel.refused.connect(window.banner.show_error)
    # Who changes a setting has read what was wrong: with the value before it, or with training.
    window.panel.edited.connect(window.banner.dismiss_error)
    window.stage = Stage(model)
    window.inspector = InspectorView()
    window.steps = StepListView()
    window.curve = CurveView()
    window.sample = SampleCard(window.actions_by_id["sample"])
    window.tabs = FootTabs(window.sample)
    for field in (window.sample.steps, window.tabs.decode.width_field):
        field.refused.connect(partial(_tell_refused, window, field))
    window.held_out = HeldOutLine()
    _fill_middle(window)
    fold = window.actions_by_id["fold-foot"]
    window.foot.furnish(window.curve, window.held_out, window.tabs, fold)
    window.whole.addWidget(window.middle)
    window.whole.addWidget(window.foot)
    window.whole.setStretchFactor(0, 1)
    window.sides.addWidget(window.whole)
    window.sides.addWidget(_side_card(window))
    window.sides.setStretchFactor(0, 1)


def _tell_refused(window: MainWindow, field: QWidget, why: str) -> None:
    window.banner.show_error(f"{field.accessibleName()}: {why}")


def _fill_middle(window: MainWindow) -> None:
    panel = _card_of(window.panel)
    panel.setMinimumWidth(228)
    window.middle.addWidget(panel)
    window.middle.addWidget(window.stage)
    window.middle.setStretchFactor(1, 1)


def _side_card(window: MainWindow) -> Card:
    window.side.setDocumentMode(True)
    window.side.setAccessibleName("details")
    window.side.tabBar().setAccessibleName("details of the step, all steps, or the laboratory")
    window.side.addTab(window.inspector, "Inspector")
    window.side.addTab(window.steps, "Steps")
    window.side.addTab(window.lab_place, "Lab")
    side = _card_of(window.side)
    side.setMinimumWidth(240)
    return side


def _card_of(content: QWidget) -> Card:
    card = Card()
    card.column.addWidget(content)
    return card
