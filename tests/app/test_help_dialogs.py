"""The list of keys has every key, at a glance."""

from html import escape

from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from rnnviz.app.actions import shortcut_rows
from rnnviz.app.help_dialogs import shortcuts_dialog, symbols_dialog
from rnnviz.app.shell import Shell
from rnnviz.scene.symbol_list import SYMBOLS


def test_every_key_is_in_the_list_and_the_list_needs_no_scrolling(bare_shell: Shell) -> None:
    bare_shell.window.resize(1280, 720)
    dialog = shortcuts_dialog(bare_shell.window)
    try:
        words = "".join(label.text() for label in dialog.findChildren(QLabel))
        rows = shortcut_rows()
        assert len(rows) > 40
        for _, what, keys in rows:
            assert escape(what) in words
            assert escape(keys) in words
        assert dialog.width() < 1280
        assert dialog.height() < 720
    finally:
        dialog.close()
        dialog.deleteLater()


def test_every_symbol_stands_in_the_dialog_of_the_help_menu(bare_shell: Shell) -> None:
    bare_shell.window.resize(1280, 720)
    action = bare_shell.window.actions_by_id["symbols"]
    assert action in bare_shell.window.menus["Help"].actions()
    dialog = symbols_dialog(bare_shell.window)
    try:
        words = "".join(label.text() for label in dialog.findChildren(QLabel))
        for group, symbols in SYMBOLS.items():
            assert group in words
            assert all(each.sign in words and each.words in words for each in symbols)
        assert dialog.width() < 1280
        assert dialog.height() < 720
    finally:
        dialog.close()
        dialog.deleteLater()


def test_where_there_is_little_room_lines_of_the_symbols_break_and_no_column_is_cut_off(
    bare_shell: Shell,
) -> None:
    parent = QWidget()
    parent.resize(1000, 640)
    dialog = symbols_dialog(parent)
    try:
        dialog.show()
        area = dialog.findChild(QScrollArea)
        assert area is not None
        assert dialog.width() < 1000
        assert area.horizontalScrollBar().maximum() == 0
    finally:
        dialog.close()
        dialog.deleteLater()
        parent.deleteLater()
