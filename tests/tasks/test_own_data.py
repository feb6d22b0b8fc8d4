"""The user's own tables, pictures, arrays and clips: read, or refused in one plain sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnviz.engine import Network
from rnnviz.tasks import Task, get_task
from rnnviz.tasks.own_files import open_data
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError

LABELLED = "text,label\n" + "".join(
    f'"a {w} day, number {i}",{label}\n'
    for i in range(10)
    for w, label in (("good", "up"), ("bad", "down"))
)
PAIRS = "target,source\n" + "".join(f"un {w},one {w}\n" for w in "abcdefghijkl")


def learns(task: Task) -> SequenceTask:
    """A default network takes one step on it and answers an example."""
    assert isinstance(task, SequenceTask)
    net = Network.create(task.spec(hidden_size=4), rng=np.random.default_rng(0))
    batch = task.stream(4, 25, 0).next_batch()
    assert np.isfinite(net.loss_and_gradients(batch))
    score = task.evaluate(net)
    assert score.n > 0
    example = task.examples("held-out")[0]
    assert len(task.answers(net, task.example_batch(example))) == 1
    assert task.sizes["held-out sequences"] >= 1
    return task


def refused(path: Path, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        get_task(str(path))
    assert "\n" not in str(caught.value)


def test_a_table_of_texts_and_labels_becomes_a_classifier(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text(LABELLED, encoding="utf-8")
    task = learns(get_task(str(path)))
    assert task.spec().kind == "many-to-one"
    assert task.outputs is not None
    assert task.outputs.symbols == ("down", "up")
    batch = task.parse("A GOOD unheard-of day")
    assert task.labels(batch).inputs == (
        ("a", "good", "⟨unknown⟩", "⟨unknown⟩", "⟨unknown⟩", "day"),
    )


def test_a_table_of_sources_and_targets_becomes_a_translator(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(PAIRS, encoding="utf-8")
    task = learns(get_task(str(path)))
    assert task.spec().kind == "many-to-many"
    assert task.examples("train")[0].title.startswith("one ")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("words,class\na,b\n" * 20, "names the columns words, class"),
        ("text,label\n" + "a,x\n" * 20, "only the label 'x'"),
        ("text,label\na,x\n,y\n" + "b,x\n" * 20, "line 3: text is empty"),
        ("text,label\na,x\nb\n" + "b,x\n" * 20, "line 3: label is empty"),
        ("text,label\na,x\nb,y\n", "has 2 rows"),
        ("text,label\n" + "!?#,x\n_,y\n" * 20, "has no word in it"),
    ],
)
def test_a_table_that_cannot_be_learnt_from_is_refused(
    tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    refused(path, says)


def test_a_table_in_another_encoding_or_of_ten_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes("text,label\nçà,x\n".encode("latin-1") * 20)
    refused(path, "UTF-8")
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    refused(path, "the limit is 100 MB")


def test_arrays_with_classes_become_a_classifier(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    rng = np.random.default_rng(0)
    np.savez(
        path,
        x=rng.normal(size=(30, 7, 2)),
        y=np.arange(30) % 3,
        lengths=rng.integers(1, 8, 30),
    )
    task = learns(get_task(str(path)))
    assert task.spec().input_size == 2
    assert task.spec().output_size == 3


def test_a_recording_is_predicted_step_by_step(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.sin(np.arange(400) / 5))
    task = learns(get_task(str(path)))
    assert task.spec().loss == "squared-error"
    data = task.data("held-out")
    assert data.x is not None
    np.testing.assert_array_equal(data.x[:, 1:], data.targets[:, :-1])


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"a": np.zeros(3)}, "holds a; it must hold x"),
        ({"x": np.zeros((3, 4)), "y": np.zeros(3, int)}, "has 3 sequences"),
        ({"x": np.zeros((30, 4, 1)), "y": np.zeros(30, int)}, "only the class"),
        ({"x": np.zeros((30, 4, 1)), "y": np.zeros(29, int)}, "y must be 30 whole numbers"),
        ({"x": np.zeros((30, 4, 1, 1)), "y": np.arange(30)}, r"must be \(N, T, D\)"),
        ({"x": np.full((30, 4), np.nan), "y": np.arange(30)}, "missing or infinite"),
        (
            {"x": np.zeros((30, 4)), "y": np.arange(30), "lengths": np.full(30, 9)},
            "lengths must be 30 whole numbers from 1 to 4",
        ),
    ],
)
def test_arrays_of_another_form_are_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray], says: str
) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]  # names are keywords here
    refused(path, says)


def test_a_short_recording_or_a_file_that_only_looks_like_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npy"
    np.save(path, np.zeros(20))
    refused(path, "at least 165 steps")
    path.write_bytes(b"no array at all")
    refused(path, "bad.npy")


def pictures(folder: Path, sizes: dict[str, int], count: int = 6) -> None:
    image = pytest.importorskip("PIL.Image")
    for shade, (name, size) in enumerate(sizes.items()):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            pixels = np.full((size, size, 3), 60 * shade + i, np.uint8)
            image.fromarray(pixels).save(folder / name / f"{i}.png")


def test_a_folder_of_pictures_by_class_becomes_a_classifier(tmp_path: Path) -> None:
    pictures(tmp_path / "p", {"dark": 20, "light": 20})
    task = learns(get_task(str(tmp_path / "p")))
    assert task.spec().kind == "one-to-one"
    assert task.outputs is not None
    assert task.outputs.symbols == ("dark", "light")
    shown = task.pictures(task.parse_picture(np.full((40, 30, 3), 200, np.uint8)))
    assert shown is not None
    assert (shown == 200).all()


def test_pictures_with_captions_become_a_captioner(tmp_path: Path) -> None:
    pictures(tmp_path / "p", {"all": 24}, count=12)
    rows = "".join(f"all/{i}.png,picture number {i}\n" for i in range(12))
    (tmp_path / "p" / "captions.csv").write_text("file,caption\n" + rows, encoding="utf-8")
    task = learns(get_task(str(tmp_path / "p")))
    assert task.spec().kind == "one-to-many"
    (tmp_path / "p" / "captions.csv").write_text("file,caption\n../x.png,no\n", encoding="utf-8")
    refused(tmp_path / "p", "no picture '../x.png' here")


def test_pictures_of_mixed_sizes_or_one_class_or_none_are_refused(tmp_path: Path) -> None:
    pictures(tmp_path / "mixed", {"a": 20, "b": 21})
    refused(tmp_path / "mixed", "scale all pictures to one size")
    pictures(tmp_path / "one", {"a": 20})
    refused(tmp_path / "one", "two or more classes")
    (tmp_path / "none").mkdir()
    refused(tmp_path / "none", "two or more classes")
    (tmp_path / "mixed" / "a" / "0.png").write_bytes(b"not a picture")
    refused(tmp_path / "mixed", "save it as PNG or JPEG")


def test_a_video_is_predicted_frame_by_frame(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(80):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 3 * i, np.uint8), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    task = learns(get_task(str(path)))
    shown = task.pictures(task.example_batch(task.examples("held-out")[0]))
    assert shown is not None
    assert shown.shape == (16, 1, 96, 96, 3)
    path.write_bytes(b"not a video")
    refused(path, "cannot be decoded")


def test_only_the_beginning_of_a_long_text_in_a_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(LABELLED + '"' + "word " * 5000 + '",up\n', encoding="utf-8")
    task = learns(get_task(str(path)))
    assert max(int(task.data(split).lengths.max()) for split in ("train", "held-out")) == 60  # type: ignore[union-attr]  # a table has lengths


def test_a_row_without_a_word_is_named(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text(LABELLED + "___,up\n", encoding="utf-8")
    refused(path, r"days\.csv: '___' has no word in it")


@pytest.mark.parametrize("size", [1e30, 3e38])
def test_large_numbers_are_standardised_without_overflow(tmp_path: Path, size: float) -> None:
    rng = np.random.default_rng(0)
    values = np.sign(rng.normal(size=(40, 7, 3))) * size
    np.savez(tmp_path / "a.npz", x=values, y=rng.integers(0, 3, 40))
    task = learns(get_task(str(tmp_path / "a.npz")))
    np.testing.assert_allclose(task.data("train").x.std(axis=(0, 1)), 1.0, atol=1e-5)  # type: ignore[union-attr]  # arrays have x
    np.save(tmp_path / "r.npy", values.reshape(-1, 1))
    learns(get_task(str(tmp_path / "r.npy")))


@pytest.mark.parametrize("name", ["r.npy", "a.npz"])
def test_numbers_beyond_single_precision_are_refused_without_a_warning(
    tmp_path: Path, name: str
) -> None:
    values = np.full((400, 2), 1e300)
    if name.endswith("npy"):
        np.save(tmp_path / name, values)
    else:
        np.savez(tmp_path / name, x=values[..., None], y=np.arange(400) % 2)
    refused(tmp_path / name, "missing or infinite")


@pytest.mark.parametrize(
    ("name", "advice"),
    [("model.safetensors", "rnnviz import model.safetensors"), ("model.pt", "save_file")],
)
def test_weights_opened_as_data_are_told_what_they_are_for(
    tmp_path: Path, name: str, advice: str
) -> None:
    (tmp_path / name).write_bytes(b"\x80weights")
    with pytest.raises(UserError, match=advice):
        open_data(str(tmp_path / name))
