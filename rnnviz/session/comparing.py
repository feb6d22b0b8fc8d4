"""The same question decoded in three ways: greedily, by drawing, and by beam search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import Batch, State
from rnnviz.engine.beam import beam_search
from rnnviz.engine.decoding import generate
from rnnviz.session.sampling import Decoding
from rnnviz.tasks import Task
from rnnviz.tasks.sentences import END, START
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError

if TYPE_CHECKING:
    from rnnviz.session.run import Run

_DRAWS = 3


def _without_repetition(written: Sequence[Written]) -> list[Written]:
    """Each drawn answer once, with how often it was drawn."""
    counts = Counter((w.method, w.text) for w in written)
    first = {(w.method, w.text): w for w in reversed(written)}
    return [
        replace(w, method=f"{w.method} ({times} of {_DRAWS})" if times > 1 else w.method)
        for key, times in counts.items()
        for w in [first[key]]
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """One answer: by which ``method``, its words, ln p of them all, and how many they are."""

    method: str
    text: str
    log_prob: float
    steps: int


def writes_words(task: Task) -> bool:
    """Whether the answers of this task are written word by word, so that they can be searched."""
    return isinstance(task, SequenceTask) and task.info.kind in ("one-to-many", "many-to-many")


def compare_decoding(
    run: Run, batch: Batch, *, temperature: float, width: int, seed: int
) -> tuple[Written, ...]:
    """The greedy answer, some drawn ones and the best of a beam, for a batch of one sequence.

    Raises:
        UserError: if the answers of the task are not written word by word.
    """
    writer = _Writer(run, batch)
    rng = np.random.default_rng(seed)
    ways = [("greedy", 0.0), *[(f"drawn, T = {temperature:g}", temperature)] * _DRAWS]
    with np.errstate(all="ignore"):
        found = [writer.generated(method, heat, None, rng) for method, heat in ways]
        return (*_without_repetition(found), *writer.searched(width)[:_DRAWS])


def written_answer(run: Run, batch: Batch, decoding: Decoding) -> Written:
    """The answer to a batch of one sequence, written in one certain way.

    Raises:
        UserError: if the answers of the task are not written word by word.
    """
    writer = _Writer(run, batch)
    with np.errstate(all="ignore"):
        if decoding.beam is not None:
            return writer.searched(decoding.beam)[0]
        rng = np.random.default_rng(decoding.seed)
        method = "greedy" if decoding.temperature == 0 else f"drawn, T = {decoding.temperature:g}"
        return writer.generated(method, decoding.temperature, decoding.top_k, rng)


class _Writer:
    """Writes answers of a run, one after the other, from the same beginning."""

    def __init__(self, run: Run, batch: Batch) -> None:
        task, net = run.task, run.net
        if not isinstance(task, SequenceTask) or not writes_words(task) or task.outputs is None:
            raise UserError(f"{task.name} does not write its answers word by word")
        self._task, self._net, self._batch = task, net, batch
        self._end = task.outputs.ids[END]
        self._prompt = np.array([[task.outputs.ids[START]]], dtype=np.intp)

    def generated(
        self, method: str, temperature: float, top_k: int | None, rng: np.random.Generator
    ) -> Written:
        """One answer, greedy at temperature 0, else drawn."""
        out = generate(
            self._net, self._prompt, self._task.longest_answer,
            temperature=temperature, top_k=top_k, stop=self._end, state=self._begun(),
            rng=rng if temperature > 0 else None,
        )  # fmt: skip
        length = int(out.lengths[0])
        return self._told(
            method, out.tokens[:length, 0].tolist(), out.log_probs[:length, 0].tolist()
        )

    def searched(self, width: int) -> list[Written]:
        """The answers of a beam, best first."""
        beam = beam_search(
            self._net, self._prompt, self._task.longest_answer,
            width=width, stop=self._end, state=self._begun(),
        )[0]  # fmt: skip
        return [
            self._told(f"beam {width}, no. {place}", best.tokens, best.log_probs)
            for place, best in enumerate(beam.hypotheses, 1)
        ]

    def _begun(self) -> State:
        one_part = self._net.spec.kind != "many-to-many"
        return self._net.start(self._batch) if one_part else self._net.encode(self._batch)

    def _told(self, method: str, tokens: Sequence[int], log_probs: Sequence[float]) -> Written:
        text = self._task.words(np.array(tokens))
        return Written(method, text, float(sum(log_probs)), len(tokens))
