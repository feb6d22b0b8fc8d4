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
    task, net = run.task, run.net
    if not isinstance(task, SequenceTask) or not writes_words(task) or task.outputs is None:
        raise UserError(f"{task.name} does not write its answers word by word: nothing to compare")
    start, end = task.outputs.ids[START], task.outputs.ids[END]
    steps = task.longest_answer
    prompt = np.array([[start]], dtype=np.intp)

    def begun() -> State:
        return net.encode(batch) if net.spec.kind == "many-to-many" else net.start(batch)

    def told(method: str, tokens: Sequence[int], log_probs: Sequence[float]) -> Written:
        return Written(method, task.words(np.array(tokens)), float(sum(log_probs)), len(tokens))

    rng = np.random.default_rng(seed)
    ways = [("greedy", 0.0), *[(f"drawn, T = {temperature:g}", temperature)] * _DRAWS]
    found = []
    with np.errstate(all="ignore"):
        for method, heat in ways:
            out = generate(
                net, prompt, steps, temperature=heat, stop=end, state=begun(),
                rng=rng if heat > 0 else None,
            )  # fmt: skip
            length = int(out.lengths[0])
            found.append(
                told(method, out.tokens[:length, 0].tolist(), out.log_probs[:length, 0].tolist())
            )
        found = _without_repetition(found)
        beam = beam_search(net, prompt, steps, width=width, stop=end, state=begun())[0]
    for place, best in enumerate(beam.hypotheses[:_DRAWS], 1):
        found.append(told(f"beam {width}, no. {place}", best.tokens, best.log_probs))
    return tuple(found)
