"""Vocabularies from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnviz.interop import encode, read_vocabulary
from rnnviz.trace import UserError


@pytest.mark.parametrize(
    "content", ['["a", "b", "ü"]', '{"b": 1, "a": 0, "ü": 2}', '\ufeff["a","b","ü"]']
)
def test_a_list_and_a_table_give_the_tokens_by_id(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vocab.json"
    path.write_text(content, encoding="utf-8")
    assert read_vocabulary(path, 3) == ("a", "b", "ü")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "not JSON"),
        ("3", "list of tokens or a table"),
        ("[]", "empty"),
        ("{}", "empty"),
        ('["a", 2]', "entry 1 is not text"),
        ('["a", "b", "a"]', "'a' occurs twice"),
        ('{"a": 0, "a": 1}', "'a' occurs twice"),
        ('{"a": 0, "b": 0}', "ids must be 0 to 1, each once; 1 is missing"),
        ('{"a": true}', "whole number"),
        ('{"a": 1.0}', "whole number"),
        ('{"a": -1}', "0 is missing"),
        ('["a", "b", "c", "d"]', "has 4 tokens; the model reads 3"),
        ("[" * 100_000, "cannot be used"),
    ],
)
def test_a_wrong_vocabulary_is_refused_in_words(tmp_path: Path, content: str, cause: str) -> None:
    path = tmp_path / "vocab.json"
    path.write_text(content)
    with pytest.raises(UserError) as caught:
        read_vocabulary(path, 3)
    assert cause in str(caught.value)
    assert str(path) in str(caught.value)


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocab.json"
    path.write_bytes(b'["\xff"]')
    with pytest.raises(UserError, match="UTF-8"):
        read_vocabulary(path)


def test_text_becomes_ids_by_character_or_by_word() -> None:
    assert encode("abba", ("a", "b")).tolist() == [0, 1, 1, 0]
    assert encode("the  cat\nthe", ("cat", "the")).tolist() == [1, 0, 1]


def test_an_unknown_token_stands_for_the_rest() -> None:
    assert encode("axb", ("<unk>", "a", "b")).tolist() == [1, 0, 2]
    with pytest.raises(UserError, match="does not have 'x', 'z'"):
        encode("azxz", ("a", "b"))
    with pytest.raises(UserError, match="empty"):
        encode("", ("a", "b"))


def test_marks_in_brackets_stand_beside_characters() -> None:
    vocabulary = ("<pad>", "<bos>", "[EOS]", "a", "b", "<unk>")
    assert encode("abz", vocabulary).tolist() == [3, 4, 5]
    assert encode("<", ("<pad>", "<", ">")).tolist() == [1]
