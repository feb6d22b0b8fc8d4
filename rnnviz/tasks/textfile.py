"""Reading a text of up to 100 MB into small integer ids, with a plain sentence for bad files."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import UserError
from rnnviz.trace.sizes import over_the_limit
from rnnviz.trace.weight_files import weights_words

LIMIT_BYTES = 100_000_000
LIMIT_CHARACTERS_IN_VOCABULARY = 20_000
_CHUNK_CHARACTERS = 1 << 20
_CODE_POINTS = 0x110000


@dataclass(frozen=True, eq=False)
class EncodedText:
    """A text as ids (N,) of the smallest unsigned type that holds the vocabulary."""

    ids: NDArray[np.unsignedinteger]
    vocabulary: Vocabulary


def check_readable(path: Path, limit_bytes: int, what: str) -> int:
    """The size of a regular file in bytes.

    Raises:
        UserError: if it is missing, not a regular file, empty, larger than the limit or locked.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file; check the path") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({_reason(error)})") from None
    if stat.S_ISDIR(status.st_mode):
        raise UserError(f"{path} is a folder; name a {what}")
    if not stat.S_ISREG(status.st_mode):
        raise UserError(f"{path} is a device or a pipe; name a {what}")
    if status.st_size == 0:
        raise UserError(f"{path} is empty; choose a {what} with something in it")
    if status.st_size > limit_bytes:
        said = over_the_limit(status.st_size, limit_bytes)
        raise UserError(f"{path} {said}: cut it to a smaller {what}")
    try:
        path.open("rb").close()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({_reason(error)})") from None
    return status.st_size


def read_text(path: Path) -> EncodedText:
    """The characters of a UTF-8 file; a byte order mark is dropped and line ends become ``\\n``.

    Raises:
        UserError: if the file cannot be read as text or has fewer than two distinct characters.
    """
    check_readable(path, LIMIT_BYTES, "text file")
    return encode_text(_chunks(path), str(path))


def encode_text(chunks: Iterable[str], where: str) -> EncodedText:
    """Ids and the sorted vocabulary of a text that arrives in pieces."""
    # Ids are given in order of appearance while reading and renamed to the sorted order at the
    # end, so that a text of 100 MB never exists as 400 MB of code points.
    first_come = np.full(_CODE_POINTS, -1, dtype=np.int32)
    known: list[int] = []
    pieces: list[NDArray[np.uint16]] = []
    for chunk in chunks:
        codes = np.frombuffer(chunk.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        new = np.unique(codes[first_come[codes] < 0])
        if len(known) + len(new) > LIMIT_CHARACTERS_IN_VOCABULARY:
            raise UserError(
                f"{where}: more than {LIMIT_CHARACTERS_IN_VOCABULARY:,} different characters; "
                "choose a text with a smaller alphabet"
            )
        first_come[new] = np.arange(len(known), len(known) + len(new))
        known.extend(int(code) for code in new)
        pieces.append(first_come[codes].astype(np.uint16))
    if len(known) < 2:
        what = f"only the character {chr(known[0])!r}" if known else "no characters"
        raise UserError(f"{where}: {what} in it; learning needs at least two different characters")
    order = np.argsort(known)
    small: type[np.unsignedinteger] = np.uint8 if len(known) <= 256 else np.uint16
    rank = np.empty(len(known), dtype=small)
    rank[order] = np.arange(len(known))
    ids: NDArray[np.unsignedinteger] = np.empty(sum(map(len, pieces)), dtype=small)
    end = len(ids)
    while pieces:
        piece = pieces.pop()
        ids[end - len(piece) : end] = rank[piece]
        end -= len(piece)
    ids.flags.writeable = False
    return EncodedText(ids, Vocabulary(tuple(chr(known[i]) for i in order)))


def _where_not(path: Path) -> str:
    """Line and byte that end a reading as UTF-8, in words; nothing if the file has changed."""
    with suppress(OSError):
        data = path.read_bytes()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            return f": line {line:,} holds the byte 0x{data[error.start]:02x}"
    return ""


def _chunks(path: Path) -> Iterator[str]:
    if weights := weights_words(path):
        raise UserError(weights)
    try:
        with path.open(encoding="utf-8-sig", newline=None) as file:
            while chunk := file.read(_CHUNK_CHARACTERS):
                if "\0" in chunk:
                    raise UserError(f"{path} is a binary file (it has NUL bytes); choose a text")
                yield chunk
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 text{_where_not(path)}; save it as UTF-8") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({_reason(error)})") from None


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()
