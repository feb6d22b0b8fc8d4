"""Data out of installed packages; what is not installed here is read from look-alike files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnviz.tasks import ENTRIES, get_task
from rnnviz.tasks.real_sentences import read_catalogue
from rnnviz.tasks.real_speech import read_ts
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError

REAL = [entry for entry in ENTRIES if entry.info.modules]


@pytest.mark.parametrize("entry", REAL, ids=lambda entry: str(entry.info.name))
def test_real_data_is_there_or_the_extra_is_named(entry: object) -> None:
    found = next(e for e in REAL if e is entry)
    assert found.info.licence
    assert found.info.extra == "data"
    if found.missing:
        with pytest.raises(UserError, match="pip install"):
            get_task(found.info.name)
        return
    task = get_task(found.info.name)
    assert isinstance(task, SequenceTask)
    assert task.info == found.info
    assert task.spec().kind == found.info.kind
    assert len(task.data("held-out")) > 5


def test_catalogues_are_read_without_plurals_and_unfinished_entries(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Language: fr\\n"\n\n'
        'msgid "yes"\nmsgstr "oui"\n\n'
        'msgid ""\n"two "\n"parts"\nmsgstr "deux \\"moitiés\\""\n\n'
        '#, fuzzy\nmsgid "no"\nmsgstr "peut-être"\n\n'
        'msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] "%d jour"\nmsgstr[1] "%d jours"\n\n'
        'msgid "later"\nmsgstr ""\n\n'
        '#~ msgid "old"\n#~ msgstr "vieux"\n',
        encoding="utf-8",
    )
    assert list(read_catalogue(path)) == [("yes", "oui"), ("two parts", 'deux "moitiés"')]


def test_recordings_of_unequal_length_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    path.write_text("#c\n@data\n1,2,3:4,5,6:1\n7:8:2\n", encoding="utf-8")
    sequences, labels = read_ts(path)
    assert labels == ["speaker 1", "speaker 2"]
    np.testing.assert_array_equal(sequences[0], [[1, 4], [2, 5], [3, 6]])
    np.testing.assert_array_equal(sequences[1], [[7, 8]])
    path.write_text("1,2:x,y:1\n", encoding="utf-8")
    with pytest.raises(UserError, match="format"):
        read_ts(path)
