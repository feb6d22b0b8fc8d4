"""Who gets Space and the arrows: a control reached with Tab, otherwise the stepping keys.

Shortcuts of the window would take Space from a focused button and the arrows from a focused
slider. A control takes focus only by Tab here, so whoever tabs to it means it. While a list or a
menu is open, every key is its own.

A number has the focus after a click on one of its arrows, too: until somebody types in it, letters,
Space and Ctrl+Z are the window's, and so are ← → Home End, which its caret has after a click into
it.

A double click takes the whole of a number in hand: Qt would take 003 of 0.003, as if the point
parted two words, and what is typed next would be no number.

As a button does not take the focus when it is clicked, it does not end typing either: a press of
the mouse elsewhere does, so that the button finds the number that is to be seen.

A file that is dropped on a field is the window's, which opens it: the field would take its path for
words. And Ctrl+C copies words that somebody has just selected, otherwise the window's numbers.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QValidator,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
    QTabBar,
    QWidget,
)

from rnnviz.app.selected_words import reader_of, selected_words

_FIELDS = (QLineEdit, QPlainTextEdit)
_PRESS = {Qt.Key.Key_Space}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_COUNT = {Qt.Key.Key_Up, Qt.Key.Key_Down}
_CARET = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End}
_MOVE = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}


_WATCHED = frozenset(
    {
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.DragEnter,
        QEvent.Type.Polish,
    }
)


class FocusKeys(QObject):
    """An application-wide event filter that leaves a focused control the keys it understands."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._read: QObject | None = None
        """What shows the words that the mouse was pressed on last, if it was on such."""
        self._stepped: QObject | None = None
        """The number on one of whose arrows the mouse was pressed last, if it was on such."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _WATCHED:
            # Hundreds a second come by here: each costs what training cannot have.
            return False
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if QApplication.activePopupWidget() is not None:
                # No shortcut may take it; but an open list chooses on this very event.
                event.accept()
                return False
            if event.matches(QKeySequence.StandardKey.Copy):
                return self._copied(watched, event)
            key = Qt.Key(event.key())
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if isinstance(watched, QAbstractSpinBox) and not watched.lineEdit().isModified():
                at_once = _PRESS | _CARET if watched is self._stepped else _PRESS
                if (plain and key in at_once) or _is_the_windows(watched, event):
                    event.ignore()
                    return True
            if plain and _understands(watched, key):
                event.accept()
                return True
        elif kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            self._read = reader_of(watched)
            self._stepped = watched if isinstance(watched, QAbstractSpinBox) else None
            _end_typing(watched)
        elif kind == QEvent.Type.MouseButtonDblClick and isinstance(watched, QLineEdit):
            number = watched.parentWidget()
            if isinstance(number, QAbstractSpinBox):
                number.selectAll()
                return True
        elif kind == QEvent.Type.DragEnter and isinstance(watched, _FIELDS):
            if isinstance(event, QDragEnterEvent) and event.mimeData().hasUrls():
                event.ignore()
                return True
        elif kind == QEvent.Type.Polish and isinstance(watched, QComboBox | QSlider):
            _reach_by_tab(watched)
        return False

    def _copied(self, focused: QObject, event: QKeyEvent) -> bool:
        """Copy the words that are selected; False if none are, or a field does it itself."""
        field = focused.lineEdit() if isinstance(focused, QAbstractSpinBox) else focused
        if isinstance(field, QLineEdit) and field.hasSelectedText():
            return False
        words = selected_words(focused) or selected_words(self._read)
        if words:
            QGuiApplication.clipboard().setText(words)
            event.accept()
        return bool(words)


def _reach_by_tab(control: QComboBox | QSlider) -> None:
    """A choice or a slider that was used with the mouse does not keep the stepping keys: after it,
    Home would choose the first entry instead of going to the start of the pass."""
    in_dialog = isinstance(control.window(), QDialog)
    if control.focusPolicy() & Qt.FocusPolicy.ClickFocus and not in_dialog:
        control.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _end_typing(pressed: QWidget) -> None:
    """A number that was typed counts as soon as anything else is pressed."""
    field = QApplication.focusWidget()
    elsewhere = pressed is not field and field is not None and not field.isAncestorOf(pressed)
    if elsewhere and isinstance(field, QAbstractSpinBox):
        field.interpretText()
        field.lineEdit().setModified(False)


def _is_the_windows(field: QAbstractSpinBox, event: QKeyEvent) -> bool:
    """Whether a number that nobody is typing at has no use for the key.

    A click on one of its arrows gives it the focus, too, and its line would take every letter, and
    Ctrl+Z although there is no typing to be undone.
    """
    standard = QKeySequence.StandardKey
    if event.matches(standard.Undo) or event.matches(standard.Redo):
        return True
    text = event.text()
    return text.isalpha() and _refuses(field, text)


def _refuses(field: QAbstractSpinBox, text: str) -> bool:
    # What PySide hands back is (state, text, position), though its stub says only the state.
    answer: object = field.validate(text, len(text))
    state = answer[0] if isinstance(answer, tuple) else answer
    return state == QValidator.State.Invalid


def _understands(watched: QObject, key: Qt.Key) -> bool:
    if isinstance(watched, QAbstractButton):
        return key in (_PRESS | _MOVE if _is_one_of_several(watched) else _PRESS)
    if isinstance(watched, QAbstractSlider | QTabBar | QPlainTextEdit) or _scrolls(watched):
        return key in _MOVE
    if isinstance(watched, QComboBox | QAbstractItemView):
        return key in _PRESS | _MOVE | _ENTER
    if isinstance(watched, QAbstractSpinBox):
        return key in _ENTER | _COUNT
    if isinstance(watched, QLineEdit):
        return key in _ENTER
    return False


def _is_one_of_several(button: QAbstractButton) -> bool:
    """Whether the arrows press another button of its group instead."""
    group = button.group()
    return button.autoExclusive() or (group is not None and group.exclusive())


def _scrolls(watched: QObject) -> bool:
    """Whether it is the content of a scroll area, reached by Tab: the arrows scroll it."""
    if not isinstance(watched, QWidget) or watched.focusPolicy() != Qt.FocusPolicy.TabFocus:
        return False
    viewport = watched.parentWidget()
    area = viewport.parentWidget() if viewport is not None else None
    return isinstance(area, QScrollArea) and area.widget() is watched
