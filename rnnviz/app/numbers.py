"""The numbers behind the picture, to take along: one step or one strip, copied or as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.export.tables import array_behind, array_table, step_table, tabbed, write_table
from rnnviz.trace import UserError

if TYPE_CHECKING:
    from rnnviz.app.shell import Shell

Way = Literal["copy", "save"]


def take_step(shell: Shell, way: Way) -> None:
    """Every number of the step at the cursor, forward and backward."""
    state = shell.model.state
    if state is not None:
        column = state.cursor.column
        table = step_table(state.trace, column, state.row)
        _take(shell, table, way, f"numbers of step {column + 1}", f"step-{column + 1}.csv")


def take_strip(shell: Shell, name: str, way: Way) -> None:
    """Every number of a strip: a line for each step, a column for each unit."""
    state = shell.model.state
    if state is None:
        return
    try:
        array = array_behind(state.trace, name)
        table = array_table(state.trace, array, state.row)
    except UserError as error:
        shell.window.banner.show_error(str(error))
        return
    _take(shell, table, way, array, f"{array}.csv")


def _take(shell: Shell, table: str, way: Way, what: str, name: str) -> None:
    banner = shell.window.banner
    if way == "copy":
        # Spreadsheets take tabs from the clipboard, programs ask for the CSV.
        data = QMimeData()
        data.setText(tabbed(table))
        data.setData("text/csv", table.encode("utf-8"))
        QGuiApplication.clipboard().setMimeData(data)
        banner.show_note(f"Copied {what} as a table")
        return
    dialogs, kinds = FileDialogs(shell.settings), {"CSV (*.csv)": ".csv"}
    file = dialogs.to_save(shell.window, "numbers", "Save the numbers", name, kinds)
    if file is None:
        return
    try:
        write_table(table, file)
    except UserError as error:
        banner.show_error(str(error))
        return
    banner.show_note(f"Saved {what} as {file}")
