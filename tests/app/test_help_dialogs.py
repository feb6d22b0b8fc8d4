"""The list of keys has every key, at a glance."""

from html import escape

from PySide6.QtWidgets import QLabel

from rnnviz.app.actions import shortcut_rows
from rnnviz.app.help_dialogs import shortcuts_dialog
from rnnviz.app.shell import Shell


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
