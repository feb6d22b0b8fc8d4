"""Word lists as padded arrays, as encoders read them and as decoders are fed them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.dataset import Data
from rnnviz.tasks.vocabulary import UNKNOWN, Vocabulary
from rnnviz.trace import UserError

Ids = NDArray[np.intp]

START = "⟨start⟩"
END = "⟨end⟩"
LONGEST_INPUT = 200
LONGEST_ROW = 60
VOCABULARY_MOST = 20_000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")


def split_words(text: str) -> list[str]:
    """Lower-case words and punctuation marks of what somebody typed.

    Raises:
        UserError: if there is none, or more than a model should read at once.
    """
    words = _WORD.findall(text.lower())
    if not words:
        raise UserError("type at least one word")
    if len(words) > LONGEST_INPUT:
        raise UserError(f"that is {len(words)} words; type at most {LONGEST_INPUT}")
    return words


def row_words(text: str, source: str) -> list[str]:
    """The first words of a text in a table or a package; what follows is not read.

    Raises:
        UserError: naming the ``source``, if there is not a word in it.
    """
    words = _WORD.findall(text.lower())[:LONGEST_ROW]
    if not words:
        raise UserError(f"{source}: {text[:40]!r} has no word in it; delete that row")
    return words


def common_words(
    sentences: Iterable[Sequence[str]], special: tuple[str, ...] = (), *, least: int = 2
) -> Vocabulary:
    """``special`` symbols, UNKNOWN, and the words that occur at least ``least`` times, commonest
    first.
    """
    counts = Counter(word for sentence in sentences for word in sentence)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    kept = [word for word in ranked if counts[word] >= least][:VOCABULARY_MOST]
    return Vocabulary((*special, UNKNOWN, *kept), words=True)


def padded(sentences: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[Ids, Ids]:
    """Ids (N, T), 0 after the end, and true lengths (N,)."""
    lengths = np.array([len(sentence) for sentence in sentences], dtype=np.intp)
    ids = np.zeros((len(sentences), int(lengths.max())), dtype=np.intp)
    for row, sentence in enumerate(sentences):
        ids[row, : len(sentence)] = vocabulary.encode(sentence)
    return ids, lengths


def fed_back(sentences: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[Ids, Ids, Ids]:
    """What a decoder reads (START and the words), what it should say (the words and END, then
    -1), each (N, T), and the lengths (N,) of both.
    """
    words, lengths = padded(sentences, vocabulary)
    n = len(words)
    tokens = np.concatenate([np.full((n, 1), vocabulary.ids[START]), words], axis=1)
    targets = np.concatenate([words, np.zeros((n, 1), dtype=np.intp)], axis=1)
    targets[np.arange(n), lengths] = vocabulary.ids[END]
    targets[np.arange(words.shape[1] + 1) > lengths[:, None]] = -1
    return tokens.astype(np.intp), targets, lengths + 1


def opened(tokens: Ids, lengths: Ids, outputs: Vocabulary, steps: int, title: str) -> Data:
    """One sentence to translate whose answer nobody knows: ``steps`` of START, no targets."""
    return Data(
        tokens=tokens,
        lengths=lengths,
        decoder_tokens=np.full((1, steps), outputs.ids[START], dtype=np.intp),
        targets=np.full((1, steps), -1, dtype=np.intp),
        titles=[title],
    )
