import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnviz.session import ModelOptions, Run, RunConfig, load
from rnnviz.session.files import load_run, save_run
from rnnviz.trace import UserError
from rnnviz.trace.archive import read_archive, write_archive
from tests.session.runs import fingerprint, hello, same, text_run


@pytest.mark.parametrize(("cell", "dropout"), [("rnn", 0.0), ("rnn", 0.3)])
def test_a_run_saved_and_continued_equals_one_that_never_stopped(
    tmp_path: Path, cell: str, dropout: float
) -> None:
    whole = text_run(tmp_path, cell=cell, dropout=dropout).train(60)
    half = text_run(tmp_path, cell=cell, dropout=dropout).train(35)
    half.set_learning_rate(half.learning_rate)
    half.save(tmp_path / "half.rnnviz")
    opened = load(tmp_path / "half.rnnviz")
    assert opened.data_problem is None
    assert same(opened, half)
    assert same(opened.train(25), whole)


def test_a_run_file_is_the_same_after_loading_and_saving_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.rnnviz", tmp_path / "b.rnnviz"
    hello().train(50).save(first)
    load(first).save(second)
    assert first.read_bytes() == second.read_bytes()


def test_a_loaded_run_travels_to_any_earlier_iteration(tmp_path: Path) -> None:
    run = hello().train(20)
    run.set_learning_rate(0.4)
    run.train(100).save(tmp_path / "run.rnnviz")
    opened = load(tmp_path / "run.rnnviz")
    for place in (0, 15, 20, 77, 120):
        opened.travel(place)
        run.travel(place)
        assert np.array_equal(opened.net.params.flat, run.net.params.flat)
        assert opened.learning_rate == run.learning_rate


def test_saving_in_the_past_leaves_the_future_out(tmp_path: Path) -> None:
    run = hello().train(60)
    run.travel(40)
    run.save(tmp_path / "run.rnnviz")
    opened = load(tmp_path / "run.rnnviz")
    assert opened.iteration == opened.furthest == len(opened.history) == 40
    assert same(opened, hello().train(40))


def test_the_weights_in_a_run_file_are_plain_arrays(tmp_path: Path) -> None:
    run = hello().train(5)
    run.save(tmp_path / "run.rnnviz")
    arrays = read_archive(tmp_path / "run.rnnviz").arrays
    np.testing.assert_array_equal(arrays["W_hh_l0"], run.net.params["W_hh_l0"])
    assert arrays["history"].shape == (5, 8)


@pytest.mark.parametrize("what", ["missing", "changed"])
def test_a_run_whose_text_is_gone_can_be_looked_at_but_not_trained(
    tmp_path: Path, what: str
) -> None:
    run = text_run(tmp_path).train(20)
    run.save(tmp_path / "run.rnnviz")
    shown = run.trace()
    text = tmp_path / "fox.txt"
    if what == "missing":
        text.unlink()
    else:
        text.write_text(text.read_text()[:-1] + "!")
    opened = load(tmp_path / "run.rnnviz")
    assert opened.data_problem is not None
    assert "not trained on" in opened.data_problem
    np.testing.assert_array_equal(opened.trace()["logits"].shape, shown["logits"].shape)
    assert opened.trace().labels.inputs == shown.labels.inputs
    assert opened.sampled_text(opened.sample("the ", 5, 0)) == run.sampled_text(
        run.sample("the ", 5, 0)
    )
    np.testing.assert_array_equal(opened.trace("the dog")["h_l0"], run.trace("the dog")["h_l0"])
    for action in (opened.step, opened.traced_step, opened.evaluate, lambda: opened.travel(7)):
        with pytest.raises(UserError, match="not trained on"):
            action()
    opened.travel(0)


def test_a_run_without_its_text_can_be_saved_again(tmp_path: Path) -> None:
    text_run(tmp_path).train(20).save(tmp_path / "a.rnnviz")
    content = (tmp_path / "fox.txt").read_text()
    (tmp_path / "fox.txt").unlink()
    load(tmp_path / "a.rnnviz").save(tmp_path / "b.rnnviz")
    (tmp_path / "fox.txt").write_text(content)
    again = load(tmp_path / "b.rnnviz")
    assert again.data_problem is None
    assert same(again.train(5), text_run(tmp_path).train(25))


def test_a_failed_save_leaves_the_old_file_and_the_run_untouched(tmp_path: Path) -> None:
    run = hello().train(5)
    before = fingerprint(run)
    with pytest.raises(UserError, match="folder"):
        run.save(tmp_path / "none" / "run.rnnviz")
    assert fingerprint(run) == before
    assert os.listdir(tmp_path) == []


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "run.rnnviz"
    save_run(hello().train(40), path)
    return path


def opens_or_says_why(path: Path) -> Run | None:
    try:
        return load_run(path)
    except UserError as error:
        problem = str(error)
    assert "\n" not in problem
    return None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255))))
def test_a_damaged_file_is_opened_or_refused_in_one_sentence(
    saved: Path, tmp_path: Path, share: float, flips: list[tuple[float, int]]
) -> None:
    content = bytearray(saved.read_bytes())
    for place, mask in flips:
        content[int(place * (len(content) - 1))] ^= mask
    if not flips:
        content = content[: int(share * (len(content) - 1))]
    path = tmp_path / "damaged.rnnviz"
    path.write_bytes(content)
    run = opens_or_says_why(path)
    if run is not None:
        run.trace()


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_description_with_other_values_is_opened_or_refused(
    saved: Path, tmp_path: Path, data: st.DataObject
) -> None:
    archive = read_archive(saved)
    meta, arrays = archive.meta, archive.arrays
    section = meta
    for _ in range(4):
        key = data.draw(st.sampled_from(sorted(section, key=str)))
        inner = section[key]
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner = inner[-1]
        if not (isinstance(inner, dict) and inner and data.draw(st.booleans())):
            break
        section = inner
    section[key] = data.draw(VALUES)
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(arrays)))
        arrays[name] = data.draw(
            st.sampled_from(
                [arrays[name].reshape(-1)[:0], arrays[name].astype("f2"), np.zeros((2, 3))]
            )
        )
    path = tmp_path / "other.rnnviz"
    write_archive(path, arrays, meta)
    run = opens_or_says_why(path)
    if run is not None:
        try:
            run.trace()
            run.train(2)
        except UserError:
            pass


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trace.npz"
    write_archive(path, {"x": np.zeros(3)}, {"format": "rnnviz trace"})
    with pytest.raises(UserError, match="not a run"):
        load(path)
    with pytest.raises(UserError, match="no such file"):
        load(tmp_path / "none.rnnviz")


def test_a_file_of_a_later_version_says_so(saved: Path, tmp_path: Path) -> None:
    archive = read_archive(saved)
    write_archive(tmp_path / "b.rnnviz", archive.arrays, archive.meta | {"version": 99})
    with pytest.raises(UserError, match="version 99"):
        load(tmp_path / "b.rnnviz")


def test_weights_changed_in_the_file_are_not_silently_ignored(tmp_path: Path) -> None:
    path = tmp_path / "run.rnnviz"
    hello().train(5).save(path)
    archive = read_archive(path)
    changed = archive.arrays | {"W_hh_l0": archive.arrays["W_hh_l0"] * 2}
    write_archive(path, changed, archive.meta)
    with pytest.raises(UserError, match=r"run\.rnnviz.*W_hh_l0.*changed outside"):
        load(path)


@pytest.mark.parametrize("change", [{"cut": 0}, {"cut": -5}])
def test_a_cut_that_cannot_be_is_found_when_the_file_is_opened(
    tmp_path: Path, change: dict[str, int]
) -> None:
    path = tmp_path / "run.rnnviz"
    hello().train(5).save(path)
    archive = read_archive(path)
    write_archive(path, archive.arrays, archive.meta | change)
    with pytest.raises(UserError, match="cannot open"):
        load(path)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), 1e300])
def test_a_learning_rate_that_cannot_be_is_found_when_the_file_is_opened(
    tmp_path: Path, rate: float
) -> None:
    path = tmp_path / "run.rnnviz"
    hello().train(5).save(path)
    archive = read_archive(path)
    archive.meta["snapshots"][-1]["facts"]["rate"] = rate
    write_archive(path, archive.arrays, archive.meta)
    with pytest.raises(UserError, match=r"cannot open.*learning rate"):
        load(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": 3}, "title is 3: expected text, got a whole number"),
        ({"spec": {"input_size": 4}}, "spec.hidden_size is missing"),
        ({"rates": [[3, 1e300]]}, r"rates\[0\]\[1\] is 1e\+300: expected a number <="),
        ({"task": {"name": 3}}, "task.name is 3"),
        ({"surprise": 1}, "surprise is unknown here"),
    ],
)
def test_a_description_that_was_edited_is_told_in_plain_words(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    path = tmp_path / "run.rnnviz"
    hello().train(5).save(path)
    archive = read_archive(path)
    # The task is only asked for where its data are not those of the run.
    write_archive(path, archive.arrays, archive.meta | {"data": {}} | change)
    with pytest.raises(UserError, match=rf"run\.rnnviz.*outside the program: {words}") as caught:
        load(path)
    assert "`" not in str(caught.value)


BOOK = "a small book that is read again and again. " * 20


def trained_on_a_relative_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("book.txt").write_text(BOOK)
    Run.create(RunConfig(task="book.txt", model=ModelOptions(hidden_size=3))).train(3).save(
        "r.rnnviz"
    )
    return folder / "r.rnnviz"


def test_a_run_finds_its_data_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trained_on_a_relative_path(tmp_path / "home", monkeypatch)
    runs = tmp_path / "runs"
    runs.mkdir()
    path = path.rename(runs / path.name)
    monkeypatch.chdir(tmp_path)
    opened = load(path)
    assert opened.data_problem is None
    assert opened.train(2).iteration == 5
    opened.save("again.rnnviz")
    assert load("again.rnnviz").data_problem is None


def test_a_run_finds_data_that_were_moved_along_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_on_a_relative_path(tmp_path / "home", monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").rename(tmp_path / "stick")
    assert load(tmp_path / "stick" / "r.rnnviz").data_problem is None


def test_another_file_of_that_name_is_not_taken_for_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trained_on_a_relative_path(tmp_path / "home", monkeypatch)
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    Path("book.txt").write_text(BOOK.upper())
    assert load(path).data_problem is None
    (tmp_path / "home" / "book.txt").unlink()
    assert "have changed" in str(load(path).data_problem)


def test_a_jordan_network_carries_its_output_through_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("book.txt").write_text(BOOK)
    config = RunConfig(task="book.txt", model=ModelOptions(cell="jordan", hidden_size=3))
    whole, half = Run.create(config).train(7), Run.create(config).train(4)
    half.save("r.rnnviz")
    assert same(load("r.rnnviz").train(3), whole)
