"""One plain array in the ``.npy`` format: every claim is checked before memory is taken."""

from __future__ import annotations

import io
import math
import struct
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

KINDS = "biuf"
"""Accepted dtype kinds: booleans, integers and floating-point numbers up to 8 bytes."""

HEADER_BYTES = 10_000
DIMENSIONS = 6
CHUNK_BYTES = 1 << 20


class Malformed(ValueError):
    """The bytes are not a plain array; the message completes the sentence "it …"."""


def read_npy(file: IO[bytes], size: int) -> NDArray[Any]:
    """The array in ``file``, which holds ``size`` bytes in all.

    The header is parsed by NumPy's own function with a cap on its length; what it promises
    is compared with the bytes that are there before anything is allocated. Nothing is
    unpickled. Foreign byte order is turned into the machine's.

    Raises:
        Malformed: if it is no ``.npy`` file, is cut short, or holds anything but numbers.
    """
    shape, fortran, dtype, header = _read_header(file)
    if dtype.hasobject or dtype.kind not in KINDS or dtype.itemsize > 8 or dtype.subdtype:
        raise Malformed(f"holds values of type {dtype.name}, not plain numbers")
    if len(shape) > DIMENSIONS:
        raise Malformed(f"has {len(shape)} dimensions, more than {DIMENSIONS}")
    if any(n < 0 for n in shape):
        raise Malformed(f"claims the impossible shape {shape}")
    claimed = math.prod(shape) * dtype.itemsize
    if claimed != size - header:
        raise Malformed(f"claims {claimed:,} bytes of numbers but has {size - header:,}")
    array = np.empty(shape[::-1] if fortran else shape, dtype)
    if claimed:
        _fill(file, array)
    if dtype.kind == "b":
        # A boolean byte other than 0 or 1 is undefined behaviour further on.
        array = np.asarray(array.view(np.uint8) != 0)
    elif not dtype.isnative:
        array = array.astype(dtype.newbyteorder("="))
    return array.T if fortran else array


def _read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    start = file.read(8)
    if len(start) < 8 or not start.startswith(b"\x93NUMPY"):
        raise Malformed("is not in NumPy's array format")
    version = (start[6], start[7])
    if version not in ((1, 0), (2, 0)):
        raise Malformed(f"uses version {version[0]}.{version[1]} of the array format")
    width = 2 if version == (1, 0) else 4
    raw = file.read(width)
    if len(raw) < width:
        raise Malformed("is cut short")
    length = struct.unpack("<H" if width == 2 else "<I", raw)[0]
    if length > HEADER_BYTES:
        raise Malformed(f"has a header of {length:,} bytes, more than {HEADER_BYTES:,}")
    text = file.read(length)
    if len(text) < length:
        raise Malformed("is cut short")
    parse = (
        np.lib.format.read_array_header_1_0 if width == 2 else np.lib.format.read_array_header_2_0
    )
    try:
        shape, fortran, dtype = parse(io.BytesIO(raw + text), max_header_size=HEADER_BYTES)
    except Exception:
        # Nested brackets, bad literals and odd dtypes surface as half a dozen error classes.
        raise Malformed("has a header that cannot be read") from None
    return tuple(shape), bool(fortran), dtype, 8 + width + length


def _fill(file: IO[bytes], array: NDArray[Any]) -> None:
    room = array.reshape(-1).view(np.uint8).data
    done = 0
    while done < len(room):
        piece = file.read(min(CHUNK_BYTES, len(room) - done))
        if not piece:
            raise Malformed("is cut short")
        room[done : done + len(piece)] = piece
        done += len(piece)
