"""Vocabularies from ``vocab.json``: a list of tokens, or a table token → id."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.errors import UserError
from rnnviz.trace.opening import open_file

FILE_BYTES = 64 << 20
TOKENS = 1_000_000
UNKNOWN = ("<unk>", "[UNK]", "<UNK>")
_MARK = re.compile(r"<[^<>\s]+>|\[[^\[\]\s]+\]")
"""Tokens such as ``<pad>`` or ``[EOS]``, which stand for no characters of a text."""
_SHOWN = 10


def read_vocabulary(path: str | os.PathLike[str], size: int | None = None) -> tuple[str, ...]:
    """The tokens in the order of their ids; ``size`` is how many the model has.

    Raises:
        UserError: if the file is not such a list or table, a token or an id occurs twice or is
            missing, or there are more or fewer than ``size``.
    """
    shown = os.fspath(path)
    with open_file(path, FILE_BYTES) as file:
        try:
            content = json.loads(file.read().decode("utf-8-sig"), object_pairs_hook=_pairs)
            tokens = _from_table(content) if isinstance(content, _Table) else _from_list(content)
        except UnicodeDecodeError:
            raise UserError(f"the vocabulary {shown!r} is not UTF-8 text") from None
        except json.JSONDecodeError as error:
            raise UserError(f"the vocabulary {shown!r} is not JSON: {error}") from None
        except (ValueError, RecursionError) as error:
            raise UserError(f"the vocabulary {shown!r} cannot be used: {error}") from None
    if size is not None and len(tokens) != size:
        raise UserError(
            f"the vocabulary {shown!r} has {len(tokens)} tokens; the model reads {size}"
        )
    return tokens


def encode(text: str, vocabulary: Sequence[str]) -> NDArray[np.intp]:
    """Token ids (T,) of ``text``: characters if every token is one, else words between spaces.

    A token such as ``<unk>`` stands for all that the vocabulary lacks; others in brackets, such as
    ``<pad>``, stand beside characters as well as beside words.

    Raises:
        UserError: if nothing is left to read, or something is not in the vocabulary.
    """
    ids = {token: number for number, token in enumerate(vocabulary)}
    unknown = next((ids[token] for token in UNKNOWN if token in ids), None)
    by_character = all(len(token) == 1 or _MARK.fullmatch(token) for token in vocabulary)
    pieces = list(text) if by_character else text.split()
    if not pieces:
        raise UserError("the text is empty: give at least one token")
    missing = sorted({piece for piece in pieces if piece not in ids})
    if missing and unknown is None:
        listed = ", ".join(repr(piece[:40]) for piece in missing[:_SHOWN])
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise UserError(f"the vocabulary does not have {listed}{more}")
    return np.array([ids.get(piece, unknown) for piece in pieces], np.intp)


class _Table(list[tuple[str, Any]]):
    """A JSON object as its pairs, so that a key that occurs twice is seen."""


def _pairs(pairs: list[tuple[str, Any]]) -> _Table:
    return _Table(pairs)


def _from_list(content: Any) -> tuple[str, ...]:
    if not isinstance(content, list):
        raise ValueError("it must be a list of tokens or a table token → id")
    for number, token in enumerate(content):
        if not isinstance(token, str):
            raise ValueError(f"entry {number} is not text")
    return _checked(content)


def _from_table(pairs: _Table) -> tuple[str, ...]:
    for token, number in pairs:
        if type(number) is not int:
            raise ValueError(f"the id of {token[:40]!r} is not a whole number")
    _checked([token for token, _ in pairs])
    by_id = {number: token for token, number in pairs}
    missing = [number for number in range(len(pairs)) if number not in by_id]
    if missing:
        raise ValueError(f"ids must be 0 to {len(pairs) - 1}, each once; {missing[0]} is missing")
    return tuple(by_id[number] for number in range(len(pairs)))


def _checked(tokens: list[str]) -> tuple[str, ...]:
    if not tokens:
        raise ValueError("it is empty")
    if len(tokens) > TOKENS:
        raise ValueError(f"it has {len(tokens)} tokens, more than {TOKENS}")
    seen: set[str] = set()
    for token in tokens:
        if token in seen:
            raise ValueError(f"{token[:40]!r} occurs twice")
        seen.add(token)
    return tuple(tokens)
