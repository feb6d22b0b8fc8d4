"""How much a file may hold, and what is said of the first one too many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnviz.engine import Network
from rnnviz.tasks import get_task
from rnnviz.tasks.base import Split
from rnnviz.tasks.splitting import split_rows
from rnnviz.tasks.textfile import check_readable, encode_text
from rnnviz.trace import UserError


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abcde")
    assert check_readable(path, 5, "text file") == 5
    with pytest.raises(UserError, match=r"cut it to a smaller text file$"):
        check_readable(path, 4, "text file")


@pytest.mark.parametrize("what", ["table", "picture"])
def test_a_folder_and_an_empty_file_are_told_from_what_was_wanted(
    tmp_path: Path, what: str
) -> None:
    with pytest.raises(UserError, match=f"is a folder; name a {what}"):
        check_readable(tmp_path, 9, what)
    (tmp_path / "a").touch()
    with pytest.raises(UserError, match=f"is empty; choose a {what} with something in it"):
        check_readable(tmp_path / "a", 9, what)
    with pytest.raises(UserError, match="there is no such file; check the path"):
        check_readable(tmp_path / "b", 9, what)


@pytest.mark.parametrize(("count", "dtype"), [(256, np.uint8), (257, np.uint16)])
def test_ids_of_a_text_take_a_byte_as_long_as_there_are_enough(count: int, dtype: type) -> None:
    text = "".join(chr(0x4E00 + i) for i in reversed(range(count)))
    found = encode_text([text[:100], "", text[100:]], "it")
    assert found.ids.dtype == dtype
    assert found.vocabulary.decode(found.ids) == text
    assert list(found.vocabulary.symbols) == sorted(text)
    assert not found.ids.flags.writeable


def test_an_alphabet_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnviz.tasks.textfile.LIMIT_CHARACTERS_IN_VOCABULARY", 4)
    assert len(encode_text(["abab", "cd"], "it").vocabulary) == 4
    with pytest.raises(UserError, match="it: more than 4 different characters"):
        encode_text(["abab", "cde"], "it")
    with pytest.raises(UserError, match="it: only the character 'a' in it"):
        encode_text(["aa"], "it")
    with pytest.raises(UserError, match="it: no characters in it"):
        encode_text([], "it")


@pytest.mark.parametrize(
    ("rows", "held_out"), [(2, 1), (10, 1), (19, 1), (20, 2), (305, 30), (20_000, 2000),
                           (50_000, 2000)],
)  # fmt: skip
def test_a_tenth_is_held_out_and_nothing_is_lost(rows: int, held_out: int) -> None:
    parts = split_rows(range(rows))
    assert len(parts["held-out"]) == held_out
    assert sorted(parts["train"] + parts["held-out"]) == list(range(rows))
    assert rows < 10 or parts["train"] != sorted(parts["train"])


def test_more_labels_than_the_limit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnviz.tasks.labelled_sentences.LIMIT_CLASSES", 3)
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "a,x\nb,y\nc,z\n" * 5)
    assert get_task(str(path)).spec().output_size == 3
    path.write_text("text,label\n" + "a,x\nb,y\nc,z\nd,w\n" * 5)
    with pytest.raises(UserError, match="4 labels; use 3"):
        get_task(str(path))


def test_pictures_of_more_pixels_than_the_limit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = pytest.importorskip("PIL.Image")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for i in range(5):
            image.fromarray(np.full((20, 30, 3), i, np.uint8)).save(tmp_path / name / f"{i}.png")
    monkeypatch.setattr("rnnviz.tasks.picture_files.LIMIT_PIXELS", 600)
    assert get_task(str(tmp_path)).spec().output_size == 2
    monkeypatch.setattr("rnnviz.tasks.picture_files.LIMIT_PIXELS", 599)
    with pytest.raises(UserError, match="has 30 × 20 pixels; 599 in all are the limit"):
        get_task(str(tmp_path))
    monkeypatch.setattr("rnnviz.tasks.picture_files.LIMIT_PICTURES", 9)
    with pytest.raises(UserError, match="10 pictures are too many; use at most 9"):
        get_task(str(tmp_path))


def test_what_a_text_never_had_before_is_unlikely_and_not_impossible(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("ab" * 135 + "c" * 30)  # the last tenth has none but the new one
    task = get_task(str(path))
    net = Network.create(task.spec(hidden_size=4), rng=np.random.default_rng(0))
    net.params.flat[:] = 0.0
    net.params["b_y"][...] = [0.0, 0.0, 3000.0]  # more than an exponential can be made of
    score = task.evaluate(net)
    assert score.value == pytest.approx(1.0)
    assert score.baseline == pytest.approx(273.0)


@pytest.mark.parametrize(("length", "held_out"), [(199, 0), (200, 20), (1009, 100)])
def test_the_last_tenth_of_a_text_is_held_out_where_it_is_long_enough(
    tmp_path: Path, length: int, held_out: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(("abcdefg" * 200)[:length])
    task = get_task(str(path))
    assert task.sizes["held-out characters"] == held_out
    assert task.sizes["training characters"] == length - held_out
    assert task.defaults.window == 25
    splits: list[Split] = ["train"] + (["held-out"] if held_out else [])
    for split in splits:
        pieces = [task.example_batch(example) for example in task.examples(split)]
        assert (
            sum(piece.steps for piece in pieces)
            == task.sizes["training characters" if split == "train" else "held-out characters"] - 1
        )
        for piece in pieces:
            assert piece.tokens is not None
            assert piece.targets is not None
            np.testing.assert_array_equal(piece.tokens[1:], piece.targets[:-1])
    net = Network.create(task.spec(hidden_size=4), rng=np.random.default_rng(0))
    net.params.flat[:] = 0.0
    score = task.evaluate(net)
    assert score.split == splits[-1]
    assert score.value == pytest.approx(7.0, rel=1e-6)
    loss = task.held_out_loss(net, 10)
    assert loss == (pytest.approx(10 * np.log(7), rel=1e-6) if held_out else None)
