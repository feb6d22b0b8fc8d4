"""The five sequence kinds as buttons: a column with words, or a row of diagrams."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QToolButton, QWidget

from rnnviz.app.cards import heading_label, share_tab_stop
from rnnviz.app.kind_icons import HEIGHT, WIDTH, WORDS, kind_icon
from rnnviz.scene.theme import Theme
from rnnviz.trace.spec import SequenceKind


class KindChoice(QWidget):
    """Exactly one kind is down; `chosen` tells the user's choice of another one only.

    In the row the heading says the words that the buttons have no room for.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._tight = False
        self._known = ""
        self._heading = heading_label("Sequence")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._group = QButtonGroup(self)
        self.buttons: dict[SequenceKind, QToolButton] = {}
        for kind, (words, tip) in WORDS.items():
            button = QToolButton()
            button.setObjectName("kind")
            button.setCheckable(True)
            button.setText(words)
            button.setToolTip(tip)
            button.setAccessibleName(f"sequence kind: {words}")
            button.setIconSize(QSize(WIDTH, HEIGHT))
            button.clicked.connect(lambda _=False, kind=kind: self._tell(kind))
            self._group.addButton(button)
            self.buttons[kind] = button
        share_tab_stop(self._group)
        self._arrange()

    @property
    def tight(self) -> bool:
        """Whether the kinds stand in a row without words."""
        return self._tight

    @property
    def spared(self) -> int:
        """Pixels of height that the row saves against the column."""
        each = next(iter(self.buttons.values())).sizeHint().height()
        return (len(self.buttons) - 1) * (each + self._grid.verticalSpacing())

    def show_kind(self, kind: SequenceKind) -> None:
        """Press a button without telling anybody."""
        self._known = kind
        self.buttons[kind].setChecked(True)
        self._say()

    def set_tight(self, tight: bool) -> None:
        if tight != self._tight:
            self._tight = tight
            self._arrange()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def _arrange(self) -> None:
        style = Qt.ToolButtonStyle
        across = len(self.buttons) if self._tight else 1
        self._grid.setSpacing(3 if self._tight else 5)
        self._grid.addWidget(self._heading, 0, 0, 1, across)
        for number, (kind, button) in enumerate(self.buttons.items()):
            words, tip = WORDS[kind]
            button.setToolButtonStyle(
                style.ToolButtonIconOnly if self._tight else style.ToolButtonTextBesideIcon
            )
            # In a row the buttons share the width of the panel, however little it is.
            fit = QSizePolicy.Policy.Ignored if self._tight else QSizePolicy.Policy.Expanding
            button.setSizePolicy(fit, QSizePolicy.Policy.Fixed)
            button.setToolTip(f"{words}. {tip}" if self._tight else tip)
            row, column = divmod(number, across)
            self._grid.addWidget(button, row + 1, column)
        self._draw()
        self._say()

    def _draw(self) -> None:
        if self._theme is not None:
            ratio = max(self.devicePixelRatioF(), 2.0)
            for kind, button in self.buttons.items():
                button.setIcon(kind_icon(kind, self._theme, ratio, centred=self._tight))

    def _tell(self, kind: SequenceKind) -> None:
        if kind != self._known:
            self._known = kind
            self.chosen.emit(kind)

    def _say(self) -> None:
        down = self._group.checkedButton()
        words = f": {down.text()}" if self._tight and down is not None else ""
        self._heading.setText(f"Sequence{words}")
