"""A model that reads what it writes: softmax → sample → feed back."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import Batch, Network, State
from rnnviz.engine.beam import beam_search
from rnnviz.engine.decoding import generate
from rnnviz.tasks import Task, Vocabulary
from rnnviz.trace import Trace, UserError
from rnnviz.trace.record import Array
from rnnviz.trace.whole import whole

if TYPE_CHECKING:
    from rnnviz.session.run import Run

MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the next token is chosen: drawn from softmax(logits / temperature), among the
    ``top_k`` likeliest if given; the likeliest if the temperature is 0; or, with ``beam``, the
    most probable of that many answers searched side by side."""

    temperature: float = 1.0
    seed: int = 0
    top_k: int | None = None
    beam: int | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise UserError(f"the temperature is {self.temperature}; use a number from 0")
        whole("the seed of the sample", self.seed)
        if self.top_k is not None:
            whole("top-k", self.top_k, 1)

    def write(self, net: Network, prompt: Array, steps: int, state: State | None = None) -> Array:
        """(steps,) ids after the ids ``prompt`` (P,), which is read in ``state`` (1, …)."""
        column = prompt[:, np.newaxis]
        if self.beam is not None:
            best = beam_search(net, column, steps, width=self.beam, state=state)[0].hypotheses[0]
            return np.array(best.tokens, dtype=np.int64)
        rng = np.random.default_rng(self.seed) if self.temperature > 0 else None
        drawn = generate(
            net, column, steps,
            temperature=self.temperature, top_k=self.top_k, state=state, rng=rng,
        )  # fmt: skip
        return drawn.tokens[:, 0]


def sample(run: Run, prompt: str, steps: int, decoding: Decoding) -> Trace:
    """``steps`` tokens after ``prompt``, as the trace of the whole pass in mode ``sample``.

    ``sampled`` (T, 1) holds the token drawn at each step, which is the next step's input;
    -1 where the prompt dictated the next input.

    Raises:
        UserError: if this model cannot read what it writes, or a value is out of range.
    """
    vocabulary = vocabulary_of(run.task, run.net)
    if not 1 <= steps <= MOST_STEPS:
        raise UserError(f"the length of a sample is {steps}; use 1 to {MOST_STEPS:,} steps")
    words: list[str] | str = prompt.split() if vocabulary.words else prompt
    start = vocabulary.encode(words or vocabulary.symbols[:1])
    state = run.trainer.state_to_read_in()
    drawn = decoding.write(run.net, start, steps, state)
    tokens = np.concatenate([start, drawn[:-1]])[:, np.newaxis]
    batch = Batch(tokens=tokens)
    forced = np.full(len(start) - 1, -1, dtype=np.int64)
    fed = np.concatenate([forced, drawn])[:, np.newaxis]
    labels = replace(
        run.task.labels(replace(batch, targets=np.maximum(fed, 0))),
        targets=(vocabulary.label(fed[:, 0]),),
    )
    trace = run.net.trace(batch, labels, state, iteration=run.iteration, title=run.task.info.title)
    return replace(trace, mode="sample").joined({"sampled": fed})


def sampled_text(task: Task, trace: Trace) -> str:
    """What was drawn in a trace of mode ``sample``, without the prompt."""
    vocabulary = getattr(task, "vocabulary", None)
    if not isinstance(vocabulary, Vocabulary):
        raise UserError(f"{task.name} has no vocabulary to write with")
    return vocabulary.decode(trace["sampled"][:, 0])


def vocabulary_of(task: Task, net: Network) -> Vocabulary:
    """The vocabulary that the model both reads and writes.

    Raises:
        UserError: if there is none.
    """
    spec = net.spec
    vocabulary = getattr(task, "vocabulary", None)
    if (
        not isinstance(vocabulary, Vocabulary)
        or spec.kind != "aligned"
        or spec.loss != "cross-entropy"
        or spec.input_size != spec.output_size
    ):
        answers = spec.kind in ("one-to-many", "many-to-many")
        why = "writes only what answers an input" if answers else "does not read what it writes"
        raise UserError(
            f"{task.name} {why}, so it cannot go on by itself: give it an input to answer"
        )
    if spec.bidirectional:
        raise UserError(
            "a bidirectional model reads the future too, so it cannot go on by itself: train one "
            "that reads forward only"
        )
    return vocabulary
