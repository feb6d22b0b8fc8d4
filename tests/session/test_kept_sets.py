"""Sets of what-if edits travel with the run on which they were made."""

from pathlib import Path

import pytest

from rnnviz.analysis import Edit
from rnnviz.session.files import load_run
from rnnviz.session.kept_sets import MOST_SETS, KeptSet, with_set, without_set
from rnnviz.trace import UserError
from rnnviz.trace.archive import read_archive, write_archive
from tests.session.runs import hello

OFF = KeptSet("off", (Edit(name="h_l0", action="ablate", index=(1,), row=0, label="silent"),))
GATE = KeptSet("gate", (Edit(name="f_l0", action="clamp", value=0.2, high=0.7, step=2),))


def test_sets_come_out_of_a_run_file_as_they_went_in(tmp_path: Path) -> None:
    run = hello()
    run.kept_sets = (OFF, GATE)
    assert run.branch().kept_sets == run.anew().kept_sets == (OFF, GATE)
    run.save(tmp_path / "a.rnnviz")
    opened = load_run(tmp_path / "a.rnnviz")
    assert opened.kept_sets == (OFF, GATE)
    opened.save(tmp_path / "b.rnnviz")
    assert (tmp_path / "a.rnnviz").read_bytes() == (tmp_path / "b.rnnviz").read_bytes()


def test_a_run_file_from_before_sets_were_kept_in_it_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "run.rnnviz"
    hello().save(path)
    archive = read_archive(path)
    write_archive(path, archive.arrays, {k: v for k, v in archive.meta.items() if k != "kept"})
    assert load_run(path).kept_sets == ()


@pytest.mark.parametrize(
    "kept",
    [
        [{"name": "off"}],
        [{"name": 3, "edits": []}],
        [{"name": "off", "edits": [{"name": "h_l0", "action": "explode"}]}],
        [{"name": "off", "edits": [{"name": "h_l0", "value": "much"}]}],
        [{"name": "off", "edits": [], "colour": "red"}],
        [{"name": "off", "edits": [{"name": "h_l0", "action": "clamp", "value": 2.0}]}],
    ],
)
def test_sets_that_were_edited_are_refused_in_one_sentence(tmp_path: Path, kept: object) -> None:
    path = tmp_path / "run.rnnviz"
    hello().save(path)
    archive = read_archive(path)
    write_archive(path, archive.arrays, archive.meta | {"kept": kept})
    with pytest.raises(UserError, match=r"cannot open .*run\.rnnviz") as caught:
        load_run(path)
    assert "\n" not in str(caught.value)


def test_the_oldest_sets_make_room_and_one_can_be_taken_away() -> None:
    sets = (OFF,)
    for number in range(MOST_SETS):
        new = KeptSet(str(number), GATE.edits)
        sets = with_set(sets, new, new)
    assert len(sets) == MOST_SETS
    assert OFF not in sets
    assert len(without_set(sets, sets[3])) == MOST_SETS - 1
