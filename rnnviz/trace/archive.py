"""Archives of plain arrays with one JSON text, as ``.npz`` files: a wary reader, a safe writer.

``np.load`` trusts what a file claims (a 128-byte file can ask for 32 GiB, 65 KB can unfold to
64 MiB). This reader checks sizes, names, counts and types against the bytes that are there
before it takes memory, and never unpickles. Any such archive opens with ``np.load`` as well.
"""

from __future__ import annotations

import json
import os
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.atomic import write_atomically
from rnnviz.trace.errors import UserError
from rnnviz.trace.json_pairs import unique
from rnnviz.trace.npy import KINDS, Malformed, read_npy
from rnnviz.trace.opening import open_file

Array = NDArray[Any]

META = "meta"
_NAME = re.compile(r"[A-Za-z0-9_.\-]+(/[A-Za-z0-9_.\-]+)*")
CAUSE = 120
"""Characters of a cause in another library's words."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for, in bytes unless said otherwise.

    ``ratio`` is unpacked over packed size; it counts only above ``ratio_from`` unpacked bytes,
    since a short run of zeros packs better than any sane limit.
    """

    file_bytes: int = 8 << 30
    total_bytes: int = 8 << 30
    meta_bytes: int = 64 << 20
    members: int = 1000
    ratio: int = 200
    ratio_from: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """The arrays of a file by name, and its JSON object (empty where it has none)."""

    arrays: dict[str, Array]
    meta: dict[str, Any] = field(default_factory=dict)


DEFAULT_LIMITS = Limits()


def read_archive(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Archive:
    """All arrays of an ``.npz`` file, and the JSON object in its member ``meta``.

    Raises:
        UserError: if the file is missing, damaged, oversized or holds anything but numbers.
    """
    with _opened(path, limits) as (archive, members):
        arrays = {name: _read_member(archive, info) for name, info in members.items()}
        meta = _parse_meta(arrays.pop(META, None), limits)
    return Archive(arrays, meta)


def member_names(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """What an ``.npz`` file holds, by name, ``meta`` among it where there is one; none is read.

    Raises:
        UserError: as `read_archive`, but for what is in the members.
    """
    with _opened(path, limits) as (_, members):
        return tuple(members)


@contextmanager
def _opened(
    path: str | os.PathLike[str], limits: Limits
) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """The archive and its members, once their claims are checked; whatever is wrong with them, and
    with what is read from them, is a `UserError`."""
    shown = os.fspath(path)
    with open_file(shown, limits.file_bytes) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            _check_directory(file, size, limits)
            with zipfile.ZipFile(file) as archive:
                yield archive, _check_members(archive.infolist(), size, limits)
        except Malformed as error:
            raise UserError(f"cannot open {shown!r}: it {error}") from None
        except OSError as error:
            raise UserError(f"cannot open {shown!r}: {error.strerror or error}") from None
        except MemoryError:
            raise UserError(f"cannot open {shown!r}: it does not fit into memory") from None
        except Exception as error:
            # zipfile and zlib raise anything from struct.error to NotImplementedError here.
            raise UserError(f"cannot open {shown!r}: it is damaged ({_brief(error)})") from None


def _brief(error: Exception) -> str:
    """What zipfile says, which may quote thousands of bytes of the file as a name."""
    words = str(error)
    return words if len(words) <= CAUSE else f"{words[:CAUSE]}…"


def read_array(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Array:
    """The one array of a ``.npy`` file, in whatever shape it has.

    Raises:
        UserError: if the file is missing, damaged, oversized or holds anything but numbers.
    """
    shown = os.fspath(path)
    with open_file(shown, limits.file_bytes) as file:
        try:
            return read_npy(file, os.fstat(file.fileno()).st_size)
        except Malformed as error:
            raise UserError(f"cannot open {shown!r}: it {error}") from None
        except OSError as error:
            raise UserError(f"cannot open {shown!r}: {error.strerror or error}") from None
        except MemoryError:
            raise UserError(f"cannot open {shown!r}: it does not fit into memory") from None


def write_archive(
    path: str | os.PathLike[str], arrays: Mapping[str, Array], meta: Mapping[str, Any]
) -> None:
    """Save arrays and a JSON object; an existing file is replaced only by a complete one.

    The same content gives the same bytes: members are stored uncompressed with a fixed date.

    Raises:
        UserError: if the place cannot be written to (the old file is then intact).
        ValueError: if a name or a type is one that the reader would refuse.
    """
    members = {**arrays, META: np.frombuffer(_as_json(meta), np.uint8)}
    for name, array in members.items():
        if not _NAME.fullmatch(name) or ".." in name:
            raise ValueError(f"{name!r} cannot be the name of an array in a file")
        if array.dtype.kind not in KINDS or array.dtype.itemsize > 8:
            raise ValueError(f"{name} has type {array.dtype}, which the format has no room for")

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, array in members.items():
                info = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
                with archive.open(info, "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)

    write_atomically(path, write)


def _as_json(meta: Mapping[str, Any]) -> bytes:
    """UTF-8, in which a file name that is no text (its bytes as lone surrogates) is escaped."""
    text = json.dumps(meta, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(meta, separators=(",", ":")).encode()


def _check_directory(file: IO[bytes], size: int, limits: Limits) -> None:
    """Refuse an absurd table of contents before zipfile builds an object for each entry."""
    file.seek(max(0, size - (22 + 65535 + 20 + 56)))
    tail = file.read()
    file.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise Malformed("is not an .npz archive, or is cut short")
    table_bytes = struct.unpack_from("<I", tail, end + 12)[0]
    if tail[end - 20 : end - 16] == b"PK\x06\x07" and end >= 76:
        table_bytes = struct.unpack_from("<Q", tail, end - 76 + 40)[0]
    if table_bytes > limits.members * 1024:
        raise Malformed(f"has more than {limits.members} members")


def _check_members(
    infos: list[zipfile.ZipInfo], size: int, limits: Limits
) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > limits.members:
        raise Malformed(f"has {len(infos)} members, more than {limits.members}")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.removesuffix(".npy")
        if name == info.filename or not _NAME.fullmatch(name) or ".." in name:
            raise Malformed(f"has a member named {info.filename[:80]!r}, which is not an array")
        if name in members:
            raise Malformed(f"has two members named {name!r}")
        if info.flag_bits & 1:
            raise Malformed("is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Malformed("is packed in a way other than stored or deflated")
        members[name] = info
    packed = sum(info.compress_size for info in infos)
    unpacked = sum(info.file_size for info in infos)
    if packed > size:
        raise Malformed("claims more bytes than it has")
    if unpacked > limits.total_bytes:
        raise Malformed(f"unpacks to {unpacked:,} bytes, more than {limits.total_bytes:,}")
    if unpacked > max(limits.ratio_from, packed * limits.ratio):
        raise Malformed(f"unpacks to {unpacked:,} bytes, more than {limits.ratio} times its size")
    return members


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    with archive.open(info) as member:
        try:
            array = read_npy(member, info.file_size)
        except Malformed as error:
            raise Malformed(f"is damaged: its array {info.filename!r} {error}") from None
        # Reading past the last byte makes zipfile compare the checksum.
        if member.read(1):
            raise Malformed(f"is damaged: its array {info.filename!r} is longer than announced")
        return array


def _parse_meta(raw: Array | None, limits: Limits) -> dict[str, Any]:
    if raw is None:
        return {}
    if raw.dtype != np.uint8 or raw.ndim != 1 or raw.size > limits.meta_bytes:
        raise Malformed("has a description that is not text of a sensible size")
    try:
        meta = json.loads(raw.tobytes().decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"has a description that cannot be read ({error})") from None
    if not isinstance(meta, dict):
        raise Malformed("has a description that is not a JSON object")
    return meta
