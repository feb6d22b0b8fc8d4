"""From sentences to ids: which words are known, where a sentence ends, what a decoder is asked."""

from __future__ import annotations

import pytest

from rnnviz.tasks.sentences import (
    END,
    LONGEST_INPUT,
    START,
    common_words,
    fed_back,
    opened,
    padded,
    row_words,
    split_words,
)
from rnnviz.tasks.vocabulary import UNKNOWN, Vocabulary
from rnnviz.trace import UserError

WORDS = Vocabulary((START, END, "a", "b", "c"), words=True)


def test_words_that_occur_often_enough_are_known_the_commonest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sentences = [["b", "a", "c"], ["b", "c", "d"], ["b"]]
    assert common_words(sentences).symbols == (UNKNOWN, "b", "c")
    assert common_words(sentences, (START,), least=1).symbols == (
        START, UNKNOWN, "b", "c", "a", "d",
    )  # fmt: skip
    monkeypatch.setattr("rnnviz.tasks.sentences.VOCABULARY_MOST", 1)
    assert common_words(sentences).symbols == (UNKNOWN, "b")


def test_what_follows_the_end_of_a_sentence_is_no_word_of_it() -> None:
    ids, lengths = padded([["b"], ["a", "b", "c"], []], WORDS)
    assert ids.tolist() == [[3, 0, 0], [2, 3, 4], [0, 0, 0]]
    assert lengths.tolist() == [1, 3, 0]


def test_a_decoder_reads_the_words_before_and_is_to_say_the_end_after_the_last() -> None:
    tokens, targets, lengths = fed_back([["b"], ["a", "b", "c"]], WORDS)
    assert tokens.tolist() == [[0, 3, 0, 0], [0, 2, 3, 4]]
    assert targets.tolist() == [[3, 1, -1, -1], [2, 3, 4, 1]]
    assert lengths.tolist() == [2, 4]


def test_a_sentence_to_translate_has_room_for_an_answer_and_no_target() -> None:
    ids, lengths = padded([["b", "a"]], WORDS)
    data = opened(ids, lengths, WORDS, 3, "b a")
    assert data.decoder_tokens is not None
    assert data.decoder_tokens.tolist() == [[0, 0, 0]]
    assert data.targets.tolist() == [[-1, -1, -1]]
    assert data.titles == ["b a"]


def test_words_are_told_from_signs_and_counted() -> None:
    assert split_words("Don't  stop_ME, now!") == ["don't", "stop", "me", ",", "now", "!"]
    assert len(split_words("a " * LONGEST_INPUT)) == LONGEST_INPUT
    with pytest.raises(UserError, match="that is 201 words; type at most 200"):
        split_words("a " * (LONGEST_INPUT + 1))
    with pytest.raises(UserError, match="at least one word"):
        split_words(" \n")
    assert row_words("a " * 100, "x.csv") == ["a"] * 60


def test_many_known_symbols_are_not_all_told() -> None:
    for count, ending in ((40, " x39"), (41, " x39 …")):
        known = Vocabulary(tuple(f"x{i}" for i in range(count)), words=True)
        with pytest.raises(UserError) as caught:
            known.encode(["?"])
        assert str(caught.value).endswith(ending)
    with pytest.raises(UserError, match=r"'20', …; it knows") as caught:
        WORDS.encode([str(i) for i in range(1, 22)])
    assert "'21'" not in str(caught.value)
