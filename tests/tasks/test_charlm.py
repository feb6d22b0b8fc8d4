"""The character model: the lecture's hello, any text file, the text that comes with Python."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.engine import Network
from rnnviz.engine.optimizers import make_optimizer
from rnnviz.tasks import get_task, python_text
from rnnviz.tasks.character_stream import CharacterStream
from rnnviz.trace import UserError


def write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def test_hello_reads_hell_and_should_say_ello() -> None:
    task = get_task("hello")
    batch = task.stream(1, task.defaults.window, 0).next_batch()
    labels = task.labels(batch)
    assert labels.symbols == ("h", "e", "l", "o")
    assert labels.inputs == (("h", "e", "l", "l"),)
    assert labels.targets == (("e", "l", "l", "o"),)
    assert batch.tokens is not None
    assert batch.tokens[:, 0].tolist() == [0, 1, 2, 2]
    spec = task.spec()
    assert (spec.input_size, spec.hidden_size, spec.output_size, spec.cell) == (4, 3, 4, "rnn")


@pytest.mark.parametrize("seed", range(10))
def test_hello_is_learnt_from_every_seed(seed: int) -> None:
    task = get_task("hello")
    defaults = task.defaults
    rng = np.random.default_rng(seed)
    net = Network.create(task.spec(), rng=rng)
    optimizer = make_optimizer(defaults.optimizer, net.params, defaults.learning_rate)
    stream = task.stream(defaults.batch_size, defaults.window, seed)
    for _ in range(defaults.iterations):
        net.loss_and_gradients(stream.next_batch())
        optimizer.step(net.grads)
    score = task.evaluate(net)
    assert score.value == 1.0
    assert score.reached
    assert score.baseline == 0.5
    assert task.answers(net, task.parse("hello")) == ["ello"]


@pytest.mark.parametrize(("said", "share"), [("h", 0.0), ("e", 0.25), ("l", 0.5), ("o", 0.25)])
def test_the_accuracy_of_hello_is_how_many_of_its_letters_are_right(
    said: str, share: float
) -> None:
    task = get_task("hello")
    net = Network.create(task.spec(), rng=np.random.default_rng(0))
    net.params.flat[:] = 0.0
    net.params["b_y"]["helo".index(said)] = 1.0
    score = task.evaluate(net)
    assert (score.value, score.n, score.reached) == (share, 4, False)
    assert task.answers(net, task.parse("hello")) == [4 * said]


def test_hello_may_be_trained_as_a_batch_of_several() -> None:
    batch = get_task("hello").stream(3, 4, 0).next_batch()
    assert batch.tokens is not None
    assert batch.tokens.T.tolist() == [[0, 1, 2, 2]] * 3


def test_the_text_of_python_is_prose_in_the_same_order_every_time() -> None:
    text = python_text.python_text(20_000)
    assert text == python_text.python_text(20_000)
    assert 20_000 <= len(text) < 40_000
    assert text.isascii()
    assert ">>>" not in text


def test_the_text_of_python_does_not_depend_on_how_a_disk_lists_its_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, listed = python_text.python_text(20_000), Path.glob
    monkeypatch.setattr(Path, "glob", lambda *args: reversed(list(listed(*args))))
    assert python_text.python_text(20_000) == text


def test_line_ends_and_byte_order_marks_are_unified(tmp_path: Path) -> None:
    task = get_task(write(tmp_path / "a.txt", b"\xef\xbb\xbfone\r\ntwo\n"))
    batch = task.stream(1, 7, 0).next_batch()
    assert task.labels(batch).inputs == (("o", "n", "e", "↵", "t", "w", "o"),)


def test_white_space_and_control_characters_are_visible(tmp_path: Path) -> None:
    text = "a \t\x01\u0301\u093e\u20dd\u00a0\u200bé"
    task = get_task(write(tmp_path / "a.txt", text.encode()))
    labels = task.labels(task.parse(text)).inputs[0]
    combining = ("◌\u0301", "◌\u093e", "◌\u20dd")
    assert labels == ("a", "␣", "⇥", "␁", *combining, "U+00A0", "U+200B")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"aaaa", "only the character 'a'"),
        (b"ab\0cd", "binary"),
        (b"line\nb\xff\xfe", "not UTF-8 text: line 2 holds the byte 0xff"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 20_600))).encode(), "different characters"),
    ],
)
def test_a_file_that_is_no_text_gets_one_plain_sentence(
    tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(UserError, match=says):
        get_task(write(tmp_path / "bad.txt", content))


def test_folders_devices_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        get_task(str(tmp_path / "missing.txt"))
    with pytest.raises(UserError, match="folder"):
        get_task("text", path=str(tmp_path))
    with pytest.raises(UserError, match="device"):
        get_task("text", path="/dev/zero")


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(UserError, match=r"10,000\.0 MB; the limit is 100 MB"):
        get_task(str(path))


def test_a_file_just_beyond_the_limit_is_not_said_to_have_just_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(UserError, match=r"has 100,000,001 bytes; the limit is 100,000,000 bytes"):
        get_task(str(path))


def test_a_name_with_an_ending_is_a_file_that_is_missing_and_no_unknown_task() -> None:
    with pytest.raises(UserError, match=r"^missing\.txt: there is no such file"):
        get_task("missing.txt")
    with pytest.raises(UserError, match=r"^missing\.csv: there is no such file"):
        get_task("missing.csv")


def test_a_text_shorter_than_the_window_is_refused(tmp_path: Path) -> None:
    task = get_task(write(tmp_path / "short.txt", b"abcabc"))
    assert task.defaults.window == 5
    with pytest.raises(UserError, match="a window of at most 5"):
        task.stream(1, 25, 0)


@given(
    length=st.integers(30, 300),
    batch_size=st.integers(1, 4),
    window=st.integers(1, 20),
    skipped=st.integers(0, 30),
)
@settings(deadline=None, max_examples=40)
def test_a_resumed_text_stream_continues_bit_for_bit(
    length: int, batch_size: int, window: int, skipped: int
) -> None:
    ids = np.random.default_rng(length).integers(0, 9, length).astype(np.uint8)
    stream = CharacterStream(ids, batch_size, window)
    for _ in range(skipped):
        stream.next_batch()
    again = CharacterStream(ids, batch_size, window)
    again.restore(stream.state())
    for _ in range(5):
        one, other = stream.next_batch(), again.next_batch()
        assert stream.carry == again.carry
        np.testing.assert_array_equal(one.tokens, other.tokens)
        np.testing.assert_array_equal(one.targets, other.targets)


def test_the_state_is_carried_over_within_a_stretch_and_not_across_its_end() -> None:
    ids = np.arange(25, dtype=np.uint8)
    stream = CharacterStream(ids, 2, 5)
    seen = []
    for _ in range(4):
        batch = stream.next_batch()
        assert batch.tokens is not None
        assert batch.targets is not None
        np.testing.assert_array_equal(batch.targets, batch.tokens + 1)
        seen.append((stream.carry, batch.tokens[0].tolist()))
    assert seen == [(False, [0, 13]), (True, [5, 18]), (False, [0, 13]), (True, [5, 18])]


@given(
    length=st.integers(2, 200),
    size=st.integers(1, 4),
    window=st.integers(1, 9),
    n=st.integers(1, 30),
)
@settings(deadline=None, max_examples=60)
def test_skipping_stands_where_reading_does(length: int, size: int, window: int, n: int) -> None:
    ids = np.random.default_rng(length).integers(0, 9, max(length, window + 1)).astype(np.uint8)
    read, skipped = CharacterStream(ids, size, window), CharacterStream(ids, size, window)
    for _ in range(n):
        read.next_batch()
    skipped.skip(n)
    assert skipped.state() == read.state()
    assert skipped.carry == read.carry


@pytest.mark.parametrize("length", [11, 12, 15, 16])
def test_a_text_is_read_to_its_last_whole_window(length: int) -> None:
    stream = CharacterStream(np.arange(length, dtype=np.uint8), 1, 5)
    begun = []
    for _ in range(4):
        tokens = stream.next_batch().tokens
        assert tokens is not None
        begun.append(int(tokens[0, 0]))
    # The last character is a target only.
    assert begun == ([0, 5, 10, 0] if length == 16 else [0, 5, 0, 5])


def test_a_place_in_the_text_from_elsewhere_is_refused() -> None:
    stream = CharacterStream(np.arange(25, dtype=np.uint8), 1, 5)
    with pytest.raises(UserError, match="does not belong"):
        stream.restore({"next": 3})


def test_perplexity_of_an_untrained_network_is_about_the_size_of_the_vocabulary(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    letters = "".join(rng.choice(list("abcdefgh"), 3000))
    task = get_task(write(tmp_path / "a.txt", letters.encode()))
    net = Network.create(task.spec(hidden_size=8), rng=rng)
    net.params.flat[:] = 0
    score = task.evaluate(net)
    assert score.split == "held-out"
    assert score.value == pytest.approx(8.0, rel=1e-5)
    assert score.baseline == pytest.approx(8.0, rel=0.05)
    assert task.sizes["held-out characters"] == 300


def most_bytes_while(action: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_scoring_takes_no_memory_in_proportion_to_the_text(tmp_path: Path) -> None:
    long = b"a long text, of which every letter is counted. " * 200_000
    task = get_task(write(tmp_path / "long.txt", long))
    net = Network.create(task.spec(hidden_size=2), rng=np.random.default_rng(0))
    # A whole number of 8 bytes for each letter would be 75 MB.
    assert most_bytes_while(lambda: task.evaluate(net)) < 40e6


def test_scoring_keeps_no_distribution_over_a_large_alphabet(tmp_path: Path) -> None:
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 1500)))
    task = get_task(write(tmp_path / "large.txt", (letters * 100).encode()))
    net = Network.create(task.spec(hidden_size=2), rng=np.random.default_rng(0))
    net.params.flat[:] = 0
    task.evaluate(net)
    # All of them would be 15,000 × 1,500 numbers of 8 bytes: 180 MB.
    assert most_bytes_while(lambda: task.evaluate(net)) < 60e6
    assert task.evaluate(net).value == pytest.approx(1500.0)


def test_unknown_characters_and_options_are_named() -> None:
    task = get_task("hello")
    with pytest.raises(UserError, match="'x'"):
        task.parse("hex")
    with pytest.raises(UserError, match="hidden"):
        task.spec(hiden_size=4)
    with pytest.raises(UserError, match="decided by the data"):
        task.spec(input_size=4)
    with pytest.raises(UserError, match="hello, text"):
        get_task("helo")
