"""Sample, examples, own input and decoding as tabs of one card, as the task allows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QToolButton, QWidget

from rnnviz.app.examples.browse_card import BrowseCard
from rnnviz.app.examples.decode_card import DecodeCard
from rnnviz.app.examples.own_card import OwnCard
from rnnviz.scene.theme import Theme


class FootTabs(QTabWidget):
    """Tabs that do not apply to the task are not there."""

    def __init__(self, sample: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName("try the model")
        self.tabBar().setAccessibleName("ways to try the model")
        self.tabBar().setUsesScrollButtons(True)
        self._task = ""
        self.sample = sample
        self.browse = BrowseCard()
        self.own = OwnCard()
        self.decode = DecodeCard()
        self.addTab(sample, "Sample")
        self.addTab(self.browse, "Examples")
        self.addTab(self.own, "Your input")
        self.addTab(self.decode, "Decoding")
        self.setTabToolTip(1, "Training and held-out examples, and what the network says now")
        self.setTabToolTip(2, "Type a text, open a picture or draw one")
        self.setTabToolTip(3, "Greedy, drawn and beam answers side by side")
        self.batch = QToolButton()
        self.batch.setText("Training batch")
        self.batch.setToolTip("From this example back to the batch that is trained on (Esc)")
        self.batch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.batch.hide()
        self.setCornerWidget(self.batch, Qt.Corner.TopRightCorner)

    def set_theme(self, theme: Theme) -> None:
        self.browse.set_theme(theme)
        self.decode.set_theme(theme)

    def next_example(self) -> None:
        self.setCurrentWidget(self.browse)
        self.browse.next()

    def previous_example(self) -> None:
        self.setCurrentWidget(self.browse)
        self.browse.previous()

    def set_available(self, task: str, *, sample: bool, own: bool, decode: bool) -> None:
        """Show the tabs that apply; with another task begin with what suits it."""
        self.setTabVisible(self.indexOf(self.sample), sample)
        self.setTabVisible(self.indexOf(self.own), own)
        self.setTabVisible(self.indexOf(self.decode), decode)
        if task != self._task:
            self._task = task
            self.setCurrentWidget(self.sample if sample else self.browse)
