"""The user's own data through the window: opened, or refused with one message."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from rnnviz.app.opening import furnish
from rnnviz.app.shell import Shell
from rnnviz.tasks.packages import is_installed
from rnnviz.trace.files import save_trace

Until = Callable[[Callable[[], bool]], None]
pillow = pytest.mark.skipif(not is_installed("PIL"), reason="pictures need Pillow")


def table(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def picture(path: Path, side: int, color: str) -> None:
    path.parent.mkdir(exist_ok=True)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    assert image.save(str(path))


def labelled(n: int, classes: int = 2) -> list[str]:
    words = ("good", "bad", "fair")
    return [
        f"this film is {words[i % classes]} number {i % 5},{words[i % classes]}" for i in range(n)
    ]


def kinds(folder: Path) -> dict[str, Path]:
    """Files that can be learned from, by what they are."""
    (folder / "pictures").mkdir()
    np.save(folder / "recording.npy", np.sin(np.arange(400) / 7))
    np.savez(
        folder / "sequences.npz",
        x=np.random.default_rng(0).normal(size=(40, 6, 2)),
        y=np.arange(40) % 2,
    )
    return {
        "many-to-one": table(folder / "films.csv", "text,label", labelled(40)),
        "many-to-many": table(
            folder / "pairs.tsv", "source\ttarget", [f"word {i}\tWort {i}" for i in range(40)]
        ),
        "aligned": folder / "recording.npy",
        "sequences": folder / "sequences.npz",
    }


@pytest.mark.parametrize("kind", ["many-to-one", "many-to-many", "aligned", "sequences"])
def test_data_of_the_users_own_is_learned_from(
    shell: Shell, until: Until, tmp_path: Path, kind: str
) -> None:
    file = kinds(tmp_path)[kind]
    shell.window.dropped(str(file))
    until(lambda: shell.desk.run.config.task == str(file))
    expected = "many-to-one" if kind == "sequences" else kind
    until(lambda: shell.model.state.trace.spec.kind == expected)
    assert str(file) in shell.settings.recent
    until(lambda: shell.desk.training and shell.desk.run.iteration > 0)
    shell.desk.toggle()
    until(lambda: not shell.desk.training)
    reached = shell.desk.run.iteration
    shell.desk.once()
    until(lambda: shell.desk.run.iteration == reached + 1)


@pillow
def test_a_folder_of_pictures_is_learned_from(shell: Shell, until: Until, tmp_path: Path) -> None:
    for color in ("red", "blue"):
        for number in range(8):
            picture(tmp_path / color / f"{number}.png", 24, color)
    shell.documents.open_path(str(tmp_path))
    until(lambda: shell.desk.run.config.task == str(tmp_path))
    assert shell.desk.run.spec.kind == "one-to-one"


def test_an_archive_of_sequences_is_opened_on_the_command_line(
    bare_shell: Shell, until: Until, tmp_path: Path
) -> None:
    file = kinds(tmp_path)["sequences"]
    furnish(bare_shell, str(file))
    until(lambda: bare_shell.model.state is not None)
    assert bare_shell.desk.run.config.task == str(file)


def test_an_archive_that_is_a_trace_is_shown(shell: Shell, until: Until, tmp_path: Path) -> None:
    file = tmp_path / "pass.npz"
    save_trace(shell.model.state.trace, file)
    run = shell.desk.run
    shell.documents.open_path(str(file))
    assert shell.desk.run is run
    assert "recorded pass" in shell.window.banner.text.text()


def bad(folder: Path, what: str) -> Path:
    if what == "columns":
        return table(folder / "t.csv", "words,class", labelled(20))
    if what == "one class":
        return table(folder / "t.csv", "text,label", labelled(20, classes=1))
    if what == "an empty cell":
        return table(folder / "t.csv", "text,label", [*labelled(20), ",good"])
    if what == "few rows":
        return table(folder / "t.csv", "text,label", labelled(3))
    if what == "other arrays":
        np.savez(folder / "t.npz", a=np.zeros(3))
        return folder / "t.npz"
    if what == "no video":
        (folder / "t.mp4").write_bytes(b"\x00" * 100)
        return folder / "t.mp4"
    if what == "mixed sizes":
        for number in range(12):
            picture(folder / "pictures" / "ab"[number % 2] / f"{number}.png", 20 + number, "red")
        return folder / "pictures"
    (folder / "empty").mkdir()
    return folder / "empty"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("columns", "it must name text,label or source,target"),
        ("one class", "only the label"),
        ("an empty cell", "line 22: text is empty"),
        ("few rows", "at least 10 are needed"),
        ("other arrays", "it must hold x"),
        ("no video", "t.mp4"),
        pytest.param("mixed sizes", "scale all pictures to one size", marks=pillow),
        ("an empty folder", "a sub-folder of pictures for each"),
    ],
)
def test_what_cannot_be_learned_from_is_one_message_and_the_session_stays(
    shell: Shell, until: Until, tmp_path: Path, what: str, told: str
) -> None:
    (tmp_path / "pictures").mkdir()
    for part in "ab":
        (tmp_path / "pictures" / part).mkdir()
    file = bad(tmp_path, what)
    run = shell.desk.run
    shell.documents.open_path(str(file))
    until(shell.window.banner.isVisible)
    assert told in shell.window.banner.text.text()
    assert "\n" not in shell.window.banner.text.text()
    assert shell.desk.run is run
    until(lambda: not shell.desk.building)
