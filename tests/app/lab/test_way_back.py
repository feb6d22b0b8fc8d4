"""Whatever the laboratory puts on the stage says how one gets back, and Esc does what it says."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from tests.app.lab.cards import click
from tests.app.lab.stage import shown

Until = Callable[[Callable[[], bool]], None]


def edited(shell: Shell, until: Until) -> WhatIfControls:
    """The controls of what-if after one edit that is on the stage."""
    shell.window.show_lab()
    card = shell.window.lab.card
    card.choose("what-if")
    until(lambda: card.result is not None)
    controls = card.controls
    assert isinstance(controls, WhatIfControls)
    controls.form.slider.setValue(300)
    until(lambda: controls.shown is not None and shown(shell) is controls.shown)
    return controls


def test_escape_leaves_an_edit_of_a_pass_without_a_run(bare_shell: Shell, until: Until) -> None:
    shell, banner = bare_shell, bare_shell.window.banner
    shell.show_trace(Run.create(RunConfig(task="hello")).trace())
    title = shown(shell).title
    controls = edited(shell, until)
    assert shown(shell).title != title
    assert "Esc: back to the recorded pass" in banner.text.text()
    QTest.keyClick(shell.window, Qt.Key.Key_Escape)
    assert shown(shell).title == title
    assert not banner.isVisible()
    until(lambda: not controls.history.edits)
    assert controls.can_undo
    controls.form.slider.setValue(200)
    until(lambda: shown(shell) is controls.shown)
    controls.take_back()
    until(lambda: shown(shell).title == title)
    assert not banner.isVisible()
    assert not shell.held


def test_escape_leaves_a_loss_on_its_way_back_of_a_pass_without_a_run(
    bare_shell: Shell, until: Until
) -> None:
    shell = bare_shell
    shell.show_trace(Run.create(RunConfig(task="hello")).trace())
    title = shown(shell).title
    shell.window.show_lab()
    card = shell.window.lab.card
    card.choose("causes")
    until(lambda: card.result is not None)
    click(card, "loss@2")
    until(lambda: "loss of step 3 alone" in shown(shell).title)
    QTest.keyClick(shell.window, Qt.Key.Key_Escape)
    assert shown(shell).title == title
    until(lambda: shell.lab.pointing.loss is None)
    assert shown(shell).title == title


def test_an_edit_of_a_sample_is_called_an_edited_pass(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    shell.desk.sample("h", 4, 1.0)
    until(lambda: shell.held)
    shell.player.to_end()
    edited(shell, until)
    assert shell.window.banner.text.text().startswith("The stage shows an edited pass")
