"""Praise or blame? Sentences about films in which order, not just words, decides."""

from __future__ import annotations

from typing import final

import numpy as np

from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.sentence_tasks import JudgedSentences
from rnnviz.tasks.sentences import padded
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec

SENTIMENT = TaskInfo(
    name="sentiment",
    title="praise or blame? (a sentence about a film)",
    kind="many-to-one",
    source="sentences from a grammar with negation, contrast and hearsay",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=0.95,
)
CLASSES = Vocabulary(("negative", "positive"), words=True)

_GOOD = "good great wonderful moving funny clever fresh brilliant charming honest warm superb"
_BAD = "bad dull awful boring weak flat silly messy empty clumsy tired painful"
_GOOD_VERBS = "loved enjoyed liked admired"
_BAD_VERBS = "hated disliked regretted resented"
_THINGS = "acting story music ending script cast pace camera dialogue humour plot opening"
_DEGREES = ("", "", "", "very", "really", "quite", "so", "truly", "rather")
_DENIALS = ("not", "never", "hardly", "far from", "anything but", "not at all")
_CRITICS = ("critics", "my friends", "the posters", "some people")
_COUNT: dict[Split, int] = {"train": 10_000, "held-out": 1500}


class _Grammar:
    """Random sentences of a wanted polarity."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def _pick(self, words: str | tuple[str, ...]) -> str:
        choices = words.split() if isinstance(words, str) else words
        return choices[int(self._rng.integers(len(choices)))]

    def _chance(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def clause(self, good: bool) -> str:
        """One judgement; about half of them say it by denying the opposite."""
        denied = self._chance(0.5)
        word_is_good = good != denied
        if self._chance(0.3):
            verb = self._pick(_GOOD_VERBS if word_is_good else _BAD_VERBS)
            return f"i {'never ' if denied else ''}{verb} the {self._pick(_THINGS)}"
        adjective = self._pick(_GOOD if word_is_good else _BAD)
        denial = self._pick(_DENIALS) if denied else ""
        parts = [
            "the",
            self._pick(_THINGS),
            self._pick(("is", "was", "felt")),
            denial,
            "" if " " in denial else self._pick(_DEGREES),
            adjective,
        ]
        return " ".join(part for part in parts if part)

    def sentence(self, good: bool) -> str:
        """A judgement on the whole, from one clause or from two that pull in two directions."""
        clause = self.clause
        form = int(self._rng.integers(7))
        if form == 0:
            return clause(good)
        if form == 1:
            return f"{clause(good)} and {clause(good)}"
        if form == 2:
            return f"{clause(not good)} , but {clause(good)}"
        if form == 3:
            return f"although {clause(not good)} , {clause(good)}"
        if form == 4:
            return f"{clause(good)} , although {clause(not good)}"
        right = self._chance(0.5)
        verdict = "and they are right" if right else "but they are wrong"
        said = clause(good == right)
        if form == 5 and self._chance(0.5):
            said = f"{said} and {clause(good == right)}"
        return f"{self._pick(_CRITICS)} say that {said} , {verdict}"


def _vocabulary() -> Vocabulary:
    groups = (_GOOD, _BAD, _GOOD_VERBS, _BAD_VERBS, _THINGS, *_DEGREES, *_DENIALS, *_CRITICS)
    glue = "the i is was felt and , but although say that they are right wrong"
    return Vocabulary(tuple(sorted({w for g in (*groups, glue) for w in g.split()})), words=True)


@final
class SentimentTask(JudgedSentences):
    """Negation, "but", "although" and hearsay turn the words round: counting them is not enough."""

    info = SENTIMENT
    counts = _COUNT
    inputs = _vocabulary()
    outputs = CLASSES

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="many-to-one",
            cell="lstm",
            input_kind="embedding",
            embedding_size=24,
            head="last",
            input_size=len(self.inputs),
            hidden_size=48,
            output_size=2,
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.005, batch_size=64, iterations=1000)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((7, split == "train"))
        grammar = _Grammar(rng)
        good = rng.random(_COUNT[split]) < 0.5
        sentences = [grammar.sentence(bool(wanted)) for wanted in good]
        tokens, lengths = padded([s.split() for s in sentences], self.inputs)
        return Data(tokens=tokens, lengths=lengths, targets=good.astype(np.intp), titles=sentences)
