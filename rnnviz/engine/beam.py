"""Beam search: keep the few likeliest beginnings, and remember the whole tree for showing it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.engine.decoding import Ids, Stepper, log_softmax, read_prompt
from rnnviz.engine.state import State
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.whole import whole


@dataclass(frozen=True, slots=True)
class BeamNode:
    """One continuation that was considered: ``token`` written at ``step`` after node ``parent``.

    ``parent`` is an index into the tree, -1 for the prompt. ``total`` is ln p of everything
    written up to here. ``kept``: it survived its step; ``ended``: it wrote the stop token.
    """

    step: int
    parent: int
    token: int
    log_prob: float
    total: float
    kept: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One complete answer; ``score`` = total / length^length_penalty, ``node`` its last node."""

    tokens: tuple[int, ...]
    log_probs: tuple[float, ...]
    total: float
    score: float
    node: int


@dataclass(frozen=True, slots=True)
class Beam:
    """Answers, best first, and every continuation considered on the way, in order of step."""

    hypotheses: tuple[Hypothesis, ...]
    tree: tuple[BeamNode, ...]


def beam_search(
    net: Stepper,
    prompt: ArrayLike,
    steps: int,
    *,
    width: int = 4,
    stop: int | None = None,
    length_penalty: float = 0.0,
    state: State | None = None,
) -> list[Beam]:
    """For each of the B sequences of ``prompt`` (P, B) the ``width`` best answers found.

    Every hypothesis offers its ``width`` likeliest continuations, and the best ``width`` of all
    of them go on (Graves 2012; Sutskever et al. 2014). Width 1 is greedy. A hypothesis ends
    with the ``stop`` token or after ``steps`` tokens; with a ``length_penalty`` of 0 answers
    are ranked by ln p, with 1 by ln p per token.

    Raises:
        UserError: if a setting is out of range.
    """
    whole("steps", steps, 1)
    whole("the width of the beam", width, 1, 1000)
    if not 0.0 <= length_penalty <= 10.0:
        raise UserError(f"the length penalty is {length_penalty}; use a number from 0 to 10")
    logits, carried = read_prompt(net, prompt, state)
    return [
        _Search(net, width, stop, length_penalty).run(
            logits[b : b + 1], carried.select(np.array([b], np.intp)), steps
        )
        for b in range(len(logits))
    ]


class _Search:
    """The search for one sequence."""

    def __init__(self, net: Stepper, width: int, stop: int | None, length_penalty: float) -> None:
        self.net = net
        self.width = width
        self.stop = stop
        self.length_penalty = length_penalty
        self.tree: list[BeamNode] = []
        self.finished: list[int] = []

    def run(self, logits: Array, state: State, steps: int) -> Beam:
        live = [-1]
        for step in range(steps):
            rows, live = self._extend(step, live, log_softmax(logits))
            if not live or (len(self.finished) >= self.width and self._settled(live)):
                break
            if step + 1 < steps:
                tokens = np.array([self.tree[node].token for node in live], np.intp)
                logits, state = self.net.step(tokens, state.select(rows))
        answers = [self._answer(node) for node in {*self.finished, *live}]
        answers.sort(key=lambda answer: (-answer.score, answer.node))
        return Beam(tuple(answers[: self.width]), tuple(self.tree))

    def _extend(self, step: int, live: list[int], log_probs: Array) -> tuple[Ids, list[int]]:
        """Grow the tree by one step: rows of the state to go on from, and their nodes."""
        first = len(self.tree)
        offers: list[tuple[float, int, int]] = []
        for row, parent in enumerate(live):
            before = self.tree[parent].total if parent >= 0 else 0.0
            order = np.argsort(-log_probs[row], kind="stable")[: self.width]
            for token in order.tolist():
                offers.append((before + float(log_probs[row, token]), row, token))
        ranks = sorted(range(len(offers)), key=lambda i: (-offers[i][0], i))
        kept = set(ranks[: self.width])
        for i, (total, row, token) in enumerate(offers):
            self.tree.append(
                BeamNode(
                    step=step,
                    parent=live[row],
                    token=token,
                    log_prob=float(log_probs[row, token]),
                    total=total,
                    kept=i in kept,
                    ended=token == self.stop,
                )
            )
        rows, nodes = [], []
        for i in ranks[: self.width]:
            if offers[i][2] == self.stop:
                self.finished.append(first + i)
            else:
                rows.append(offers[i][1])
                nodes.append(first + i)
        return np.array(rows, np.intp), nodes

    def _settled(self, live: list[int]) -> bool:
        """Whether nothing that is still growing can beat what is finished."""
        if self.length_penalty:
            return False
        worst = sorted(self.tree[node].total for node in self.finished)[-self.width]
        return max(self.tree[node].total for node in live) <= worst

    def _answer(self, node: int) -> Hypothesis:
        path = []
        at = node
        while at >= 0:
            path.append(self.tree[at])
            at = path[-1].parent
        path.reverse()
        total = path[-1].total
        return Hypothesis(
            tokens=tuple(n.token for n in path),
            log_probs=tuple(n.log_prob for n in path),
            total=total,
            score=total / len(path) ** self.length_penalty,
            node=node,
        )
