"""File › Open recent lists what was opened, newest first, and opens it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rnnviz.app.shell import Shell


def test_an_opened_text_can_be_opened_again_from_the_menu(
    shell: Shell, until: Callable[[Callable[[], bool]], None], tmp_path: Path
) -> None:
    assert shell.desk is not None
    shell.recent.fill()
    assert [action.text() for action in shell.recent.menu.actions()] == ["Nothing opened yet"]
    file = tmp_path / "a book.txt"
    file.write_text("to be, or not to be, that is the question\n" * 30)
    shell.documents.open_path(str(file))
    until(lambda: shell.desk.run.config.task == str(file))
    shell.recent.fill()
    (action,) = shell.recent.menu.actions()
    assert action.text() == "a book.txt"
    first = shell.desk.run
    action.trigger()
    until(lambda: shell.desk.run is not first)
    assert shell.desk.run.config.task == str(file)


def test_a_file_that_could_not_be_opened_is_not_offered(
    shell: Shell, until: Callable[[Callable[[], bool]], None], tmp_path: Path
) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("")
    shell.documents.open_path(str(file))
    until(shell.window.banner.isVisible)
    shell.recent.fill()
    assert [action.text() for action in shell.recent.menu.actions()] == ["Nothing opened yet"]


@pytest.mark.parametrize("name", ["gone.txt", "x" * 300 + ".txt"])
def test_a_file_that_is_gone_is_not_offered(shell: Shell, tmp_path: Path, name: str) -> None:
    shell.settings.remember(str(tmp_path / name))
    shell.recent.fill()
    assert [action.isEnabled() for action in shell.recent.menu.actions()] == [False]
