"""One question answered greedily, by drawing and by a beam, and how likely each answer is."""

import re

import numpy as np
import pytest

from rnnviz.engine import Batch
from rnnviz.engine.decoding import log_softmax
from rnnviz.session import Run
from rnnviz.session.comparing import Written, compare_decoding, writes_words, written_answer
from rnnviz.session.sampling import Decoding
from rnnviz.tasks.sentences import END, START
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError
from tests.session.runs import small


def asked(task: str = "translation") -> tuple[Run, Batch]:
    run = small(task)
    run.net.params.flat[:] *= 3.0  # the answers differ
    return run, run.task.example_batch(run.task.examples("held-out")[0])


def chance(run: Run, batch: Batch, answer: Written) -> float:
    """ln p of an answer by one pass that is given it."""
    assert isinstance(run.task, SequenceTask)
    outputs = run.task.outputs
    assert outputs is not None
    said = outputs.encode(re.findall("⟨start⟩|.", answer.text))
    if answer.steps > len(said):
        said = np.append(said, outputs.ids[END])
    assert len(said) == answer.steps
    read = np.append(outputs.ids[START], said[:-1])[:, np.newaxis]
    whole = Batch(batch.tokens, batch.x, lengths=batch.lengths, decoder_tokens=read)
    return float(log_softmax(run.net.outputs(whole)[:, 0])[np.arange(len(said)), said].sum())


def test_every_way_is_named_and_tells_how_likely_its_answer_is() -> None:
    run, batch = asked()
    found = compare_decoding(run, batch, temperature=0.5, width=4, seed=3)
    names = [written.method for written in found]
    assert names[0] == "greedy"
    assert names[-3:] == ["beam 4, no. 1", "beam 4, no. 2", "beam 4, no. 3"]
    assert 1 <= len(names[1:-3]) <= 3
    assert all(name.startswith("drawn, T = 0.5") for name in names[1:-3])
    for written in found:
        assert written.log_prob == pytest.approx(chance(run, batch, written), abs=1e-4)
    beam = [written.log_prob for written in found[-3:]]
    assert beam == sorted(beam, reverse=True)


def test_the_same_seed_draws_the_same_answers_and_another_others() -> None:
    run, batch = asked()
    one, same, other = (
        compare_decoding(run, batch, temperature=1.0, width=1, seed=seed) for seed in (3, 3, 4)
    )
    assert one == same
    assert one != other
    assert one[0] == other[0]
    assert len({written.text for written in one[1:-1]}) == 3


def test_an_answer_that_was_drawn_several_times_is_told_once_with_how_often() -> None:
    run, batch = asked()
    found = compare_decoding(run, batch, temperature=1e-6, width=1, seed=0)
    assert [w.method for w in found] == ["greedy", "drawn, T = 1e-06 (3 of 3)", "beam 1, no. 1"]
    assert len({w.text for w in found}) == 1
    assert len({w.steps for w in found}) == 1


def test_one_answer_is_written_in_the_way_that_was_asked_for() -> None:
    run, batch = asked()
    everything = compare_decoding(run, batch, temperature=1.0, width=2, seed=0)
    assert written_answer(run, batch, Decoding(temperature=0.0)) == everything[0]
    assert written_answer(run, batch, Decoding(beam=2)) == everything[-2]
    drawn = written_answer(run, batch, Decoding(temperature=1.0, seed=5))
    assert drawn == written_answer(run, batch, Decoding(temperature=1.0, seed=5))
    assert drawn != written_answer(run, batch, Decoding(temperature=1.0, seed=6))
    assert drawn.method == "drawn, T = 1"
    narrow = written_answer(run, batch, Decoding(temperature=1.0, seed=5, top_k=1))
    assert (narrow.text, narrow.method) == (everything[0].text, "drawn, T = 1")


@pytest.mark.parametrize(
    ("task", "words"), [("translation", True), ("captioning", True), ("sentiment", False),
                        ("brackets", False), ("hello", False), ("adding", False)],
)  # fmt: skip
def test_only_answers_that_are_written_word_by_word_are_compared(task: str, words: bool) -> None:
    run = small(task)
    assert writes_words(run.task) is words
    batch = run.task.example_batch(run.task.examples("train")[0])
    if words:
        assert compare_decoding(run, batch, temperature=1.0, width=1, seed=0)
        return
    with pytest.raises(UserError, match=f"{task} does not write its answers word by word"):
        compare_decoding(run, batch, temperature=1.0, width=1, seed=0)


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1e30])
def test_a_network_that_has_diverged_is_compared_like_any_other(weight: float) -> None:
    run, batch = asked()
    run.net.params.flat[:] = weight
    found = compare_decoding(run, batch, temperature=1.0, width=2, seed=0)
    assert found[0].method == "greedy"
    for decoding in (Decoding(temperature=0.0), Decoding(beam=2), Decoding(seed=1)):
        assert written_answer(run, batch, decoding).steps >= 1
