"""Run files that are damaged, edited or of another kind: opened, or refused in one sentence."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnviz.session import Run, load
from rnnviz.session.files import load_run, save_run
from rnnviz.trace import UserError
from rnnviz.trace.archive import read_archive, write_archive
from tests.session.runs import hello


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


def test_a_history_that_is_missing_or_does_not_fit_its_sums_is_told(
    saved: Path, tmp_path: Path
) -> None:
    path, archive = tmp_path / "run.rnnviz", read_archive(saved)
    rest = {name: array for name, array in archive.arrays.items() if name != "history"}
    write_archive(path, rest, archive.meta)
    with pytest.raises(UserError, match="it lacks 'history'"):
        load(path)
    for stands in (np.ones((39, 2)), np.ones(40), np.array(1.0)):
        write_archive(path, archive.arrays | {"history_stands": stands}, archive.meta)
        with pytest.raises(UserError, match="does not fit what its rows stand for"):
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


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), 1e300, None, "0.1", True])
def test_a_learning_rate_that_cannot_be_is_found_when_the_file_is_opened(
    tmp_path: Path, rate: object
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
