"""Symbols and their ids, and how a symbol is written where it would be invisible."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import UserError

UNKNOWN = "⟨unknown⟩"
"""Stands for every word that a vocabulary with this symbol in it does not list."""

_MOST_UNKNOWN = 20
"""Symbols that a message names; as many as somebody types by hand."""

_VISIBLE = {" ": "␣", "\n": "↵", "\t": "⇥", "\x7f": "␡"}


def visible(symbol: str) -> str:
    """How a symbol is written on screen: white space, control and lone combining characters
    get a sign of their own, everything else stands for itself.
    """
    if len(symbol) != 1:
        return symbol
    if symbol in _VISIBLE:
        return _VISIBLE[symbol]
    if ord(symbol) < 0x20:
        return chr(0x2400 + ord(symbol))
    category = unicodedata.category(symbol)
    if category[0] == "M":
        return "◌" + symbol
    if category[0] in "CZ":
        return f"U+{ord(symbol):04X}"
    return symbol


@dataclass(frozen=True)
class Vocabulary:
    """Symbols with their ids 0 … V-1; ``words`` are joined by a space, characters are not."""

    symbols: tuple[str, ...]
    words: bool = False
    ids: Mapping[str, int] = field(init=False, repr=False, compare=False)
    labels: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", {symbol: i for i, symbol in enumerate(self.symbols)})
        object.__setattr__(self, "labels", tuple(visible(symbol) for symbol in self.symbols))

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, symbols: Sequence[str]) -> NDArray[np.intp]:
        """Ids of a string or of a list of words, (T,).

        Raises:
            UserError: naming the symbols that are not in the vocabulary, unless it has UNKNOWN.
        """
        if UNKNOWN in self.ids:
            other = self.ids[UNKNOWN]
            return np.array([self.ids.get(symbol, other) for symbol in symbols], dtype=np.intp)
        unknown = list(dict.fromkeys(symbol for symbol in symbols if symbol not in self.ids))
        if unknown:
            shown = ", ".join(repr(symbol[:40]) for symbol in unknown[:_MOST_UNKNOWN])
            shown += ", …" if len(unknown) > _MOST_UNKNOWN else ""
            # A comma may be one of them, so spaces stand between those it knows.
            known = " ".join(self.labels[:40]) + (" …" if len(self) > 40 else "")
            what = "words" if self.words else "characters"
            raise UserError(f"{what} that the model does not know: {shown}; it knows {known}")
        return np.array([self.ids[symbol] for symbol in symbols], dtype=np.intp)

    def decode(self, ids: Sequence[int] | NDArray[Any]) -> str:
        """The text of some ids; negative ids (no target) are skipped."""
        return (" " if self.words else "").join(self.symbols[int(i)] for i in ids if i >= 0)

    def label(self, ids: Sequence[int] | NDArray[Any]) -> tuple[str, ...]:
        """Ids as they are written on screen; "" for negative ids (no target)."""
        # Python's own numbers: one of NumPy's takes four times as long to index with.
        whole = ids.tolist() if isinstance(ids, np.ndarray) else map(int, ids)
        labels = self.labels
        return tuple([labels[i] if i >= 0 else "" for i in whole])
