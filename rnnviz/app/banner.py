"""A line across the window for what went wrong or what was done, never a dialog in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from rnnviz.app.theme import hex_of, mixed
from rnnviz.scene.theme import Theme


class Banner(QFrame):
    """Hidden until there is something to say; stays until closed or replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme: Theme | None = None
        self._is_error = False
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.text, 1)
        close = QToolButton()
        close.setText("Close")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.setAccessibleName("close this message")
        close.clicked.connect(self.dismiss)
        row.addWidget(close)
        self.hide()

    def show_error(self, message: str) -> None:
        """Say what is wrong, where, and what to do."""
        self._say(message, is_error=True)

    def show_note(self, message: str) -> None:
        """Say what was done."""
        self._say(message, is_error=False)

    @Slot()
    def dismiss(self) -> None:
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._paint()

    def _say(self, message: str, *, is_error: bool) -> None:
        self._is_error = is_error
        self.text.setText(message)
        self.setAccessibleName("error" if is_error else "note")
        self.setAccessibleDescription(message)
        self._paint()
        self.show()

    def _paint(self) -> None:
        if self._theme is None:
            return
        color = self._theme.bad if self._is_error else self._theme.accent
        ground = hex_of(mixed(color, self._theme.panel, 0.14))
        edge = f"border: 0; border-left: 4px solid {hex_of(color)};"
        self.setStyleSheet(f"QFrame#banner {{ background: {ground}; {edge} }}")
