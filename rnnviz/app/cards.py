"""Small building blocks of the window: cards, headings, and groups of exclusive buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)


class Card(QFrame):
    """A framed panel with an optional heading over its content."""

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 8 if heading else 2, 2, 2)
        self.column.setSpacing(4)
        self.heading: QLabel | None = None
        if heading:
            self.heading = heading_label(heading)
            self.heading.setContentsMargins(10, 0, 10, 0)
            self.column.addWidget(self.heading)


def heading_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def share_tab_stop(group: QButtonGroup) -> None:
    """Tab goes to the button that is down, whoever pressed it; the arrows go on from there."""

    def follow(button: QAbstractButton, down: bool) -> None:
        policy = Qt.FocusPolicy.TabFocus if down else Qt.FocusPolicy.NoFocus
        button.setFocusPolicy(policy)

    for button in group.buttons():
        follow(button, button.isChecked())
    group.buttonToggled.connect(follow)


class Choice(QWidget):
    """Buttons side by side of which exactly one is down.

    `chosen` tells the user's choice only; to choose what is chosen is none.
    """

    chosen = Signal(str)

    def __init__(
        self,
        options: Sequence[tuple[str, str, str]],
        name: str,
        kind: str = "",
        shorter: Mapping[str, str] | None = None,
    ) -> None:
        """`options` are (value, text, tip); `name` is the accessible name of the group; `shorter`
        has the texts, by value, that are cut down where there is little room (`set_short`)."""
        super().__init__()
        self.setAccessibleName(name)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._known = ""
        self._texts = {
            value: (text, (shorter or {}).get(value, text)) for value, text, _ in options
        }
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for value, text, tip in options:
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {text}")
            button.setCheckable(True)
            button.setProperty("value", value)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            if kind:
                button.setObjectName(kind)
                button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._group.addButton(button)
            self._buttons[value] = button
            row.addWidget(button)
        share_tab_stop(self._group)
        self._group.buttonClicked.connect(self._tell)

    @property
    def value(self) -> str:
        for value, button in self._buttons.items():
            if button.isChecked():
                return value
        return ""

    def button(self, value: str) -> QToolButton:
        return self._buttons[value]

    def set_value(self, value: str) -> None:
        """Press a button without telling anybody."""
        if value in self._buttons:
            self._known = value
            self._buttons[value].setChecked(True)

    def set_short(self, short: bool) -> None:
        """Say the options in fewer letters, or in all; their tips and names stay as they are."""
        for value, button in self._buttons.items():
            button.setText(self._texts[value][short])
        # At once: a request to lay them out would come after the first frame is painted.
        self._row.activate()
        self.updateGeometry()

    def _tell(self, button: QToolButton) -> None:
        value = str(button.property("value"))
        if value != self._known:
            self._known = value
            self.chosen.emit(value)
