"""What is read out of the user's own files: which rows, which columns, which numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from rnnviz.tasks import get_task
from rnnviz.tasks.base import Split
from rnnviz.tasks.own_files import open_data
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError

Array = np.ndarray[Any, Any]


def opened(path: Path) -> SequenceTask:
    task = get_task(str(path))
    assert isinstance(task, SequenceTask)
    return task


def refused(path: Path, says: str) -> None:
    with pytest.raises(UserError, match=says):
        get_task(str(path))


def titles(task: SequenceTask) -> list[str]:
    return [*task.data("train").titles, *task.data("held-out").titles]


def test_a_table_with_tabs_between_its_columns_may_have_commas_in_them(tmp_path: Path) -> None:
    rows = "".join(f"a {w} day, so to say\tmore\t{w}\n" for w in ("good", "bad") * 8)
    path = tmp_path / "days.TSV"
    path.write_text("Text \tother\tLABEL\n\n" + rows, encoding="utf-8")
    task = opened(path)
    assert task.outputs is not None
    assert task.outputs.symbols == ("bad", "good")
    assert {title.split()[1] for title in titles(task)} == {"good", "bad"}


def test_an_answer_may_be_as_long_as_the_longest_that_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    rows = "".join(f"one {w},{'x ' * (n % 4 + 1)}\n" for n, w in enumerate("abcdefghijklmnop"))
    path.write_text("source,target\n" + rows, encoding="utf-8")
    task = opened(path)
    longest = max(len(title.split()) for title in task.data("train").titles)
    assert longest == 2
    assert task.longest_answer == 4 + 1  # the end is said, too


def test_more_rows_than_the_limit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnviz.tasks.own_tables.LIMIT_ROWS", 20)
    path = tmp_path / "days.csv"
    path.write_text("text,label\n" + "a,x\nb,y\n" * 10, encoding="utf-8")
    assert len(titles(opened(path))) == 20
    path.write_text("text,label\n" + "a,x\nb,y\n" * 10 + "a,x\n", encoding="utf-8")
    refused(path, "has more than 20 rows: use fewer")


def pictures(folder: Path, count: int) -> None:
    image = pytest.importorskip("PIL.Image")
    folder.mkdir()
    for i in range(count):
        image.fromarray(np.full((20, 20, 3), 10 * i, np.uint8)).save(folder / f"{i}.png")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("name,caption\n0.png,x\n", "the first line must name the columns file,caption"),
        ("file\n0.png\n", "the first line must name the columns file,caption"),
        ("", "the first line must name the columns file,caption"),
        ("file,caption\n0.png,one\n1.png,\n", "line 3: file or caption is empty"),
        ("file,caption\n ,one\n", "line 2: file or caption is empty"),
        ("file,caption\n0.png\n", "line 2: file or caption is empty"),
        ("file,caption\nnone.png,one\n", "line 2: no picture 'none.png' here"),
        ("file,caption\n0.png,one\n", "has 1 pictures; at least 10 are needed"),
        (b"file,caption\n0.png,\xff\n", "cannot be read as a table"),
    ],
)
def test_captions_that_do_not_go_with_the_pictures_are_refused(
    tmp_path: Path, table: str | bytes, says: str
) -> None:
    pictures(tmp_path / "p", 12)
    written = table if isinstance(table, bytes) else table.encode()
    (tmp_path / "p" / "captions.csv").write_bytes(written)
    refused(tmp_path / "p", says)


def test_every_captioned_picture_keeps_its_caption(tmp_path: Path) -> None:
    pictures(tmp_path / "p", 12)
    rows = "".join(f" {i}.png , {'dark' if i < 6 else 'light'} grey \n" for i in range(12))
    (tmp_path / "p" / "captions.csv").write_text("caption_id,file,caption\n" + "".join(
        f"{i},{row}\n" for i, row in enumerate(rows.splitlines())
    ))  # fmt: skip
    task = opened(tmp_path / "p")
    found = {}
    for split in get_args(Split):
        for example in task.examples(split):
            shown = task.pictures(task.example_batch(example))
            assert shown is not None
            found[int(shown.mean())] = example.answer
    assert found == {10 * i: f"{'dark' if i < 6 else 'light'} grey" for i in range(12)}


def test_a_table_of_captions_may_begin_with_a_byte_order_mark_but_not_leave_its_folder(
    tmp_path: Path,
) -> None:
    pictures(tmp_path / "p", 10)
    rows = "".join(f"{i}.png,grey\n" for i in range(10))
    table = tmp_path / "p" / "captions.csv"
    table.write_text("\ufefffile,caption\n" + rows, encoding="utf-8")
    assert len(titles(opened(tmp_path / "p"))) == 10
    (tmp_path / "out.png").write_bytes((tmp_path / "p" / "0.png").read_bytes())
    table.write_text("file,caption\n../out.png,grey\n" + rows, encoding="utf-8")
    refused(tmp_path / "p", "no picture '../out.png' here")


def test_nine_pictures_are_too_few_to_tell_classes_and_ten_are_not(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    pictures(tmp_path / "p" / "a", 4)
    pictures(tmp_path / "p" / "b", 5)
    refused(tmp_path / "p", "has 9 pictures; at least 10 are needed")
    pictures(tmp_path / "p" / "c", 1)
    assert len(titles(opened(tmp_path / "p"))) == 10


def test_one_picture_is_told_where_it_belongs_and_a_folder_may_have_its_ending(
    tmp_path: Path,
) -> None:
    (tmp_path / "one.png").write_bytes(b"picture")
    refused(tmp_path / "one.png", "is one picture: name a folder")
    (tmp_path / "p.png").mkdir()
    refused(tmp_path / "p.png", "two or more classes")


def test_settings_of_ones_own_data_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("abc" * 50)
    with pytest.raises(UserError, match=r"without settings: leave out depth, speed"):
        open_data(str(path), depth=1, speed=2)


def sequences(folder: Path, **arrays: Array) -> Path:
    path = folder / "a.npz"
    given: dict[str, Any] = {"x": np.arange(240.0).reshape(30, 8), "y": np.arange(30) % 3 * 50}
    np.savez(path, **(given | arrays))
    return path


def test_sequences_keep_their_class_their_length_and_their_numbers(tmp_path: Path) -> None:
    lengths = np.arange(30) % 8 + 1
    task = opened(sequences(tmp_path, lengths=lengths))
    assert task.outputs is not None
    assert task.outputs.symbols == ("class   0", "class  50", "class 100")
    seen = []
    train = task.data("train")
    for split in get_args(Split):
        data = task.data(split)
        assert data.x is not None
        assert data.lengths is not None
        for x, length, target in zip(data.x, data.lengths, data.targets, strict=True):
            seen.append((int(length), int(target)))
            assert not x[length:].any()
            steps = np.diff(x[:length, 0])
            assert np.allclose(steps, steps[:1])  # each number is one above the one before
    assert sorted(seen) == sorted((int(n), i % 3) for i, n in enumerate(lengths))
    assert train.x is not None
    assert train.lengths is not None
    there = np.concatenate([x[:n] for x, n in zip(train.x, train.lengths, strict=True)])
    assert there.mean() == pytest.approx(0.0, abs=1e-5)
    assert there.std() == pytest.approx(1.0, abs=1e-5)
    assert task.labels(task.example_batch(task.examples("train")[0])).symbols == ("channel 1",)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": np.zeros((30, 4), complex)}, "values of type complex128, not plain numbers"),
        ({"x": np.zeros((30, 0))}, r"x has shape \(30, 0, 1\)"),
        ({"x": np.zeros((30, 4, 0))}, r"x has shape \(30, 4, 0\)"),
        ({"x": np.zeros(30)}, r"x has shape \(30,\); it must be \(N, T, D\)"),
        ({"y": np.zeros(30)}, "y must be 30 whole numbers"),
        ({"y": np.zeros((30, 1), int)}, "y must be 30 whole numbers"),
        ({"lengths": np.zeros(30, int)}, "lengths must be 30 whole numbers from 1 to 8"),
        ({"lengths": np.full(30, 8.0)}, "lengths must be 30 whole numbers"),
        ({"lengths": np.full(29, 8)}, "lengths must be 30 whole numbers"),
        ({"z": np.zeros(30)}, "holds x, y, z; it must hold x"),
    ],
)
def test_arrays_that_do_not_fit_one_another_are_refused(
    tmp_path: Path, arrays: dict[str, Array], says: str
) -> None:
    refused(sequences(tmp_path, **arrays), says)


def test_a_recording_is_cut_into_windows_and_its_last_fifth_is_held_out(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.stack([np.arange(165.0), -np.arange(165.0)], axis=1))
    task = opened(path)
    train, held_out = task.data("train"), task.data("held-out")
    assert train.x is not None
    assert held_out.x is not None
    # 132 steps give 100 windows, one from every step; 33 give the one that fits.
    assert (train.x.shape, held_out.x.shape) == ((100, 32, 2), (1, 32, 2))
    assert (train.titles[1], held_out.titles[0]) == ("steps 2 to 33", "steps 1 to 32")
    spread = np.arange(132.0).std()
    expected = (np.arange(132, 164) - np.arange(132.0).mean()) / spread
    np.testing.assert_allclose(held_out.x[0], np.stack([expected, -expected], axis=1), rtol=1e-5)
    np.testing.assert_allclose(held_out.targets - held_out.x, [[[1, -1]] * 32] / spread, rtol=1e-4)
    assert task.baseline() == (pytest.approx(1 / spread**2, rel=1e-4), "the last value again")
    assert task.labels(task.example_batch(task.examples("train")[0])).symbols == (
        "channel 1", "channel 2",
    )  # fmt: skip
    np.save(path, np.arange(164.0))
    refused(path, "at least 165 steps")
    np.save(path, np.zeros((200, 0)))
    refused(path, r"has shape \(200, 0\)")
