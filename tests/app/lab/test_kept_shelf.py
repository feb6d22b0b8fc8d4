"""Sets of edits that were kept by name are there in the next window, and survive a broken file."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from rnnviz.analysis import Edit
from rnnviz.app.lab.kept_edits import LEFT
from rnnviz.app.lab.kept_shelf import MOST_BYTES, KeptShelf
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.kept_sets import MOST_SETS, KeptSet
from rnnviz.session.run import Run
from rnnviz.trace import UserError

Until = Callable[[Callable[[], bool]], None]
OFF = (Edit(name="h_l0", action="ablate", index=(1,), row=0, label="silent"),)
GATE = (Edit(name="f_l0", action="clamp", value=0.2, high=0.7, step=2, index=(0,), row=0),)


@pytest.fixture
def shelf(tmp_path: Path) -> KeptShelf:
    return KeptShelf(tmp_path / "new folder" / "kept.json")


def form(shell: Shell, until: Until) -> WhatIfControls:
    shell.window.show_lab()
    card = shell.rooms.lab.panel.card
    card.choose("what-if")
    until(lambda: isinstance(card.controls, WhatIfControls) and card.controls.base is not None)
    assert isinstance(card.controls, WhatIfControls)
    return card.controls


def names(controls: WhatIfControls) -> list[str]:
    return [controls.kept.box.itemText(k) for k in range(1, controls.kept.box.count())]


def test_sets_come_back_as_they_were_and_the_oldest_make_room(shelf: KeptShelf) -> None:
    assert shelf.sets() == ()
    shelf.put("off", OFF)
    shelf.put("gate", GATE)
    assert shelf.sets() == (KeptSet("off", OFF), KeptSet("gate", GATE))
    shelf.put("off", GATE, instead_of=OFF)
    assert shelf.sets() == (KeptSet("gate", GATE), KeptSet("off", GATE))
    shelf.drop("gate", GATE)
    for number in range(MOST_SETS):
        shelf.put(f"{number}", OFF)
    kept = shelf.sets()
    assert len(kept) == MOST_SETS
    assert KeptSet("off", GATE) not in kept


def test_a_set_of_the_same_name_for_another_network_is_not_replaced(shelf: KeptShelf) -> None:
    shelf.put("mine", OFF)
    shelf.put("mine", GATE)
    assert shelf.sets() == (KeptSet("mine", OFF), KeptSet("mine", GATE))


def test_what_another_window_has_kept_meanwhile_stays(shelf: KeptShelf, tmp_path: Path) -> None:
    other = KeptShelf(tmp_path / "new folder" / "kept.json")
    shelf.put("off", OFF)
    other.put("gate", GATE)
    shelf.drop("off", OFF)
    assert shelf.sets() == other.sets() == (KeptSet("gate", GATE),)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"\xff\x00",
        b"[" * 5000,
        b'{"format": "rnnviz kept edits", "version": 2, "sets": []}',
        b'{"format": "rnnviz kept edits", "version": 1, "sets": [], "more": 1}',
        b'{"format": "rnnviz kept edits", "version": 1, "sets": [{"name": "a", "edits": [{}]}]}',
        (
            b'{"format": "rnnviz kept edits", "version": 1, "sets": [{"name": "a", "edits": '
            b'[{"name": "h_l0", "action": "explode"}]}]}'
        ),
        (
            b'{"format": "rnnviz kept edits", "version": 1, "sets": [{"name": "a", "edits": '
            b'[{"name": "h_l0", "action": "clamp", "value": 2, "high": 1}]}]}'
        ),
        b" " * (MOST_BYTES + 1),
    ],
)
def test_a_file_that_holds_no_edits_is_refused_and_put_aside(
    shelf: KeptShelf, tmp_path: Path, text: bytes
) -> None:
    folder = tmp_path / "new folder"
    folder.mkdir()
    (folder / "kept.json").write_bytes(text)
    with pytest.raises(UserError, match=r"kept\.json"):
        shelf.sets()
    shelf.put("off", OFF)
    assert shelf.sets() == (KeptSet("off", OFF),)
    assert (folder / "kept.unreadable").read_bytes() == text


def test_what_one_window_keeps_the_next_one_offers_where_it_fits(
    shell: Shell, settings: Settings, until: Until
) -> None:
    controls = form(shell, until)
    controls.form.value.setValue(0.75)
    edits = controls.history.edits
    controls.keep_as("up")
    KeptShelf(settings.kept_edits).put("gate", GATE)
    other = Shell(QCoreApplication.instance(), settings)  # type: ignore[arg-type]  # the one app
    other.window.show()
    other.start()
    try:
        other.attach(Run.create(RunConfig(task="hello", seed=0)))
        until(lambda: other.model.state is not None)
        fresh = form(other, until)
        assert names(fresh) == ["up"]
        assert fresh.options()["kept"] == ()
        fresh.kept.recalled.emit("up")
        assert fresh.history.edits == edits
        assert fresh.options()["kept"] == (("up", edits),)
        fresh.kept.forgotten.emit("up")
        assert [each.name for each in KeptShelf(settings.kept_edits).sets()] == ["gate"]
    finally:
        other.window.close()
        other.window.deleteLater()
        other.deleteLater()


def test_edits_that_hold_when_the_window_closes_are_kept_once(
    shell: Shell, settings: Settings, until: Until
) -> None:
    controls = form(shell, until)
    controls.form.value.setValue(0.75)
    edits = controls.history.edits
    shell.rooms.lab.close()
    shell.rooms.lab.close()
    assert KeptShelf(settings.kept_edits).sets() == (KeptSet(LEFT, edits),)
    controls.put_on(KeptShelf(settings.kept_edits))
    assert names(controls) == [LEFT]
    controls.form.value.setValue(0.25)
    shell.rooms.lab.close()
    kept = [each.name for each in KeptShelf(settings.kept_edits).sets()]
    assert kept == [LEFT, f"{LEFT} (2)"]


def test_a_broken_file_of_kept_edits_is_told_in_the_form(
    shell: Shell, settings: Settings, until: Until
) -> None:
    settings.kept_edits.write_text("nonsense")
    controls = form(shell, until)
    assert "does not hold kept edits" in controls.note.text()
    assert names(controls) == []


def test_what_is_kept_is_saved_with_the_run_and_offered_where_it_is_opened(
    shell: Shell, settings: Settings, until: Until, tmp_path: Path
) -> None:
    controls = form(shell, until)
    controls.form.value.setValue(0.75)
    edits = controls.history.edits
    controls.keep_as("up")
    assert shell.desk is not None
    file = tmp_path / "lecture.rnnviz"
    shell.desk.run.save(file)
    # Another machine: there is no file of the user's with these edits.
    settings.kept_edits.unlink()
    opened = Run.create(RunConfig(task="parity"))
    shell.desk._put_run(opened)
    until(lambda: shell.desk is not None and shell.desk.run is opened)
    shell.rooms.open_path(str(file))
    until(lambda: shell.desk is not None and shell.desk.run.task.name == "hello")
    assert shell.desk.run.kept_sets == (KeptSet("up", edits),)
    controls.history.kept.clear()
    controls.put_on(KeptShelf(settings.kept_edits, lambda: shell.desk and shell.desk.run))
    until(lambda: names(controls) == ["up"])
    controls.kept.recalled.emit("up")
    assert controls.history.edits == edits
    controls.kept.forgotten.emit("up")
    assert shell.desk.run.kept_sets == ()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe with a name")
def test_a_pipe_in_the_place_of_kept_edits_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "kept.json")
    shelf = KeptShelf(tmp_path / "kept.json")
    with pytest.raises(UserError, match="it is not a file"):
        shelf.sets()
    shelf.put("silent", OFF)
    assert [each.name for each in shelf.sets()] == ["silent"]
