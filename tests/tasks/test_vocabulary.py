"""What is said about symbols that a model does not know."""

import pytest

from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import UserError


def refusal(vocabulary: Vocabulary, symbols: list[str]) -> str:
    with pytest.raises(UserError) as caught:
        vocabulary.encode(symbols)
    return str(caught.value)


def test_every_unknown_word_is_named_in_the_order_in_which_it_was_typed() -> None:
    typed = ["tomorrow", "zoe", "did", "not", "like", "any", "of", "these", "cakes", "did"]
    said = refusal(Vocabulary(("not", "of"), words=True), typed)
    named = said.partition(": ")[2].partition("; ")[0]
    assert named == "'tomorrow', 'zoe', 'did', 'like', 'any', 'these', 'cakes'"


def test_known_words_are_told_apart_even_where_a_comma_is_one_of_them() -> None:
    said = refusal(Vocabulary((",", "and", "april"), words=True), ["may"])
    assert said.endswith("it knows , and april")
