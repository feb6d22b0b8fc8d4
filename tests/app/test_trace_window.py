"""A window on a recorded pass shows no figure of a run that there is not, and can begin one."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell
from rnnviz.engine import Batch, Network
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import ModelSpec
from rnnviz.trace.files import save_trace

Until = Callable[[Callable[[], bool]], None]


def test_what_belongs_to_training_is_out_of_sight_and_the_stage_has_its_room(
    bare_shell: Shell,
) -> None:
    bare_shell.show_trace(Run.create(RunConfig(task="hello")).trace())
    window = bare_shell.window
    for widget in (window.panel, window.curve, window.tabs, window.transport.train):
        assert not widget.isVisible()
    QCoreApplication.processEvents()
    assert window.stage.isVisible()
    assert window.stage.width() > 0.6 * window.width()
    before = bare_shell.model.position
    QTest.keyClick(window, Qt.Key.Key_Home)
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert bare_shell.model.position != before


def test_a_text_opened_in_it_begins_a_run_and_what_cannot_be_opened_changes_nothing(
    bare_shell: Shell, until: Until, tmp_path: Path
) -> None:
    bare_shell.show_trace(Run.create(RunConfig(task="hello")).trace())
    bare_shell.rooms.open_path(str(tmp_path / "missing.txt"))
    assert "no such file" in bare_shell.window.banner.text.text()
    assert bare_shell.desk is None
    text = tmp_path / "mine.txt"
    text.write_text("a few words, again and again. " * 20)
    bare_shell.rooms.open_path(str(text))
    assert bare_shell.desk is not None
    assert bare_shell.window.panel.isVisible()
    assert bare_shell.window.curve.isVisible()
    until(lambda: bare_shell.model.state is not None and bare_shell.model.state.trace.columns > 4)
    desk = bare_shell.desk
    until(lambda: desk.training and desk.run.iteration > 0)
    QTest.keyClick(bare_shell.window, Qt.Key.Key_T)
    until(lambda: not desk.training)
    reached = desk.run.iteration
    QTest.keyClick(bare_shell.window, Qt.Key.Key_N)
    until(lambda: desk.run.iteration == reached + 1)


def test_a_recorded_pass_in_front_of_a_run_leaves_the_name_of_the_run(
    shell: Shell, tmp_path: Path
) -> None:
    caption = shell.window.caption.text()
    save_trace(Run.create(RunConfig(task="parity")).trace(), tmp_path / "parity.npz")
    shell.rooms.open_path(str(tmp_path / "parity.npz"))
    assert shell.held
    QTest.keyClick(shell.window, Qt.Key.Key_Escape)
    assert not shell.held
    assert shell.window.caption.text() == caption
    assert shell.window.panel.isVisible()


def test_a_bare_pass_is_named_in_the_title_and_in_the_corner(bare_shell: Shell) -> None:
    spec = ModelSpec(input_size=2, hidden_size=3, output_size=2, cell="gru")
    net = Network.create(spec, rng=np.random.default_rng(0))
    batch = Batch(tokens=np.array([[0], [1]]), targets=np.array([[1], [0]]))
    window = bare_shell.window
    bare_shell.show_trace(net.trace(batch))
    assert window.windowTitle() == "a recorded pass"
    assert window.caption.text() == "a recorded pass · GRU · H = 3"
    bare_shell.show_trace(net.trace(batch, title="what my own network did in the spring"))
    assert window.windowTitle() == "what my own network did in th…"


def test_it_lives_on_while_its_first_run_is_read(
    bare_shell: Shell, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_shell.show_trace(Run.create(RunConfig(task="hello")).trace())
    text, said = tmp_path / "mine.txt", []
    text.write_text("a few words, again and again. " * 20)
    create, seen = Run.create, Event()

    def slowly(config: RunConfig) -> Run:
        assert seen.wait(20.0), "the window saw nothing of it"
        return create(config)

    def look() -> None:
        said.append(bare_shell.window.banner.text.text())
        seen.set()

    monkeypatch.setattr(Run, "create", slowly)
    QTimer.singleShot(50, bare_shell, look)
    bare_shell.rooms.open_path(str(text))
    assert said == ["Reading mine.txt …"]
    assert bare_shell.desk is not None
    assert bare_shell.desk.run.config.task == str(text)
