"""A figure with its settings: under them in a narrow column, beside them in a wide window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

_ASIDE_WIDTH = 300
"""Settings beside a figure take what the narrow column gives them."""
_MAXIMUM = 16777215  # QWIDGETSIZE_MAX


class CardBody(QWidget):
    """The settings, one under the other, and the view that they are of."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self.view = view
        self.aside = False
        self.settings = QWidget()
        self._column = QVBoxLayout(self.settings)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._line = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(2)
        for widget, share in ((self.settings, 0), (view, 1)):
            self._line.addWidget(widget, share)
            self._line.setAlignment(widget, Qt.AlignmentFlag.AlignTop)

    def add(self, settings: QWidget) -> None:
        """More settings under those that are there."""
        self._column.addWidget(settings)

    def set_aside(self, aside: bool) -> None:
        """Whether the settings stand beside the figure, so that it has the whole height."""
        if aside == self.aside:
            return
        self.aside = aside
        direction = QBoxLayout.Direction
        self._line.setDirection(direction.LeftToRight if aside else direction.TopToBottom)
        self.settings.setMinimumWidth(_ASIDE_WIDTH if aside else 0)
        self.settings.setMaximumWidth(_ASIDE_WIDTH if aside else _MAXIMUM)

    def height_beside(self) -> int:
        """What it needs of the height that the figure cannot have."""
        if self.aside or self.settings.isHidden():
            return 0
        return self.settings.sizeHint().height() + self._line.spacing()
