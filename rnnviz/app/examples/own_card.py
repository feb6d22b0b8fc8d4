"""Ask the network something of one's own: type it, open a picture, or draw one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from rnnviz.app.examples.example_list import pixmap_of
from rnnviz.session.questions import Pixels

_THUMBNAIL = 48


class OwnCard(QWidget):
    """`typed` tells a text; `open_wanted` and `draw_wanted` that a picture is to be given."""

    typed = Signal(str)
    open_wanted = Signal()
    draw_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("your own input")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.text = QLineEdit()
        self.text.setAccessibleName("your own text")
        self.text.setMinimumWidth(56)
        self.text.returnPressed.connect(self._tell)
        row.addWidget(self.text, 1)
        self.ask = _button("Ask", "Show what the network makes of it")
        self.ask.clicked.connect(self._tell)
        row.addWidget(self.ask)
        self.open = _button(
            "Open picture…", "A picture file; it is scaled to what the network reads"
        )
        self.open.clicked.connect(self.open_wanted)
        row.addWidget(self.open)
        self.draw = _button("Draw…", "Draw a picture; the network answers after every stroke")
        self.draw.clicked.connect(self.draw_wanted)
        row.addWidget(self.draw)
        row.addStretch(0)
        column.addLayout(row)
        shown = QHBoxLayout()
        self.picture = QLabel()
        self.picture.setFixedSize(_THUMBNAIL, _THUMBNAIL)
        self.picture.setAccessibleName("your picture")
        shown.addWidget(self.picture)
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.addWidget(self.said, 1)
        column.addLayout(shown, 1)
        self._invitation = ""
        self._asked = ""
        self.forget()

    def set_ways(self, *, text: bool, pictures: bool) -> None:
        """What the task can be given."""
        self.text.setVisible(text)
        self.ask.setVisible(text)
        self.open.setVisible(pictures)
        self.draw.setVisible(pictures)
        self.text.setPlaceholderText("type here, then Enter")
        self._invitation = "The answer stands here, and step by step on the stage."
        self.forget()

    def suggest(self, text: str) -> None:
        """Show an input that the task understands where nothing is typed."""
        self.text.setPlaceholderText(f"for example: {text}")

    def forget(self) -> None:
        """Nothing has been asked yet."""
        self.picture.hide()
        self.said.setText(self._invitation)

    def show_answer(self, title: str, answer: str, picture: Pixels | None) -> None:
        """What was asked and what the network made of it; the keys are the window's again."""
        if self.text.text() == self._asked:
            self.text.clearFocus()
        if picture is not None:
            self.picture.setPixmap(
                pixmap_of(picture).scaled(
                    _THUMBNAIL,
                    _THUMBNAIL,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
        self.picture.setVisible(picture is not None)
        self.said.setText(f"{title}\n{answer}")

    @Slot()
    def _tell(self) -> None:
        self._asked = self.text.text()
        self.typed.emit(self._asked)

    def refuse(self) -> None:
        """It could not be read: whoever typed it goes on typing, over it."""
        if self.text.hasFocus() and self.text.text() == self._asked:
            self.text.selectAll()


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
