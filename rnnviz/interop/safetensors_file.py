"""``.safetensors`` files: 8 bytes of header length, a JSON header, and the tensors' bytes.

Read by our own parser, since the usual one lets the last of two equal keys win and does not
know bfloat16 without PyTorch. Format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import safetensors.numpy

from rnnviz.trace.atomic import write_atomically
from rnnviz.trace.errors import UserError
from rnnviz.trace.json_pairs import unique
from rnnviz.trace.opening import open_file
from rnnviz.trace.record import Array

FILE_BYTES = 8 << 30
HEADER_BYTES = 16 << 20
TENSORS = 10_000
DIMENSIONS = 8
DTYPES = {"F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8"}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}")


@dataclass(frozen=True, slots=True)
class TensorFile:
    """The tensors that could be read, a phrase for each that could not, and the metadata.

    ``types`` are the file's own names of the number types (``F32``, …); a tensor in ``BF16``
    arrives as float32.
    """

    tensors: dict[str, Array]
    types: dict[str, str]
    problems: tuple[str, ...]
    metadata: dict[str, str]


def read_tensors(path: str | os.PathLike[str]) -> TensorFile:
    """Read every tensor of floating-point numbers.

    Raises:
        UserError: if the file as a whole is missing, damaged or not in this format.
    """
    shown = os.fspath(path)
    with open_file(path, FILE_BYTES) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            header, start = _read_header(file, size)
            metadata = header.pop("__metadata__", {})
            if not isinstance(metadata, dict):
                raise ValueError("its metadata is not a table")
            _check_spans(header, size - start)
            tensors: dict[str, Array] = {}
            types: dict[str, str] = {}
            problems: list[str] = []
            for name, entry in header.items():
                problem = _problem(name, entry)
                if problem:
                    problems.append(problem)
                else:
                    tensors[name] = _read_tensor(file, start, entry)
                    types[name] = entry["dtype"]
        except ValueError as error:
            raise UserError(f"cannot open {shown!r} as .safetensors: {error}") from None
        except RecursionError:
            raise UserError(
                f"cannot open {shown!r} as .safetensors: its header is nested too deeply"
            ) from None
        except OSError as error:
            raise UserError(f"cannot open {shown!r}: {error.strerror or error}") from None
        except MemoryError:
            raise UserError(f"cannot open {shown!r}: it does not fit into memory") from None
    known = {str(k): v for k, v in metadata.items() if isinstance(v, str)}
    return TensorFile(tensors, types, tuple(problems), known)


def is_weight_name(name: str) -> bool:
    """Whether a tensor can be called so: what is written here can be read here, too."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def write_tensors(
    path: str | os.PathLike[str], tensors: Mapping[str, Array], metadata: Mapping[str, str]
) -> None:
    """Save; an existing file is replaced only by a complete one.

    Raises:
        UserError: if the place cannot be written to.
    """
    plain = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    content = safetensors.numpy.save(plain, dict(metadata))
    write_atomically(path, lambda file: _write(file, content))


def _write(file: IO[bytes], content: bytes) -> None:
    file.write(content)


def _read_header(file: IO[bytes], size: int) -> tuple[dict[str, Any], int]:
    length = int.from_bytes(file.read(8), "little")
    if size < 10:
        raise ValueError("it is too short")
    if length > min(HEADER_BYTES, size - 8):
        raise ValueError(
            f"it announces a header of {length:,} bytes; if it is a .pt file, convert it first "
            "with safetensors.torch.save_file(model.state_dict(), …)"
        )
    try:
        header = json.loads(file.read(length).decode("utf-8"), object_pairs_hook=unique)
    except UnicodeDecodeError:
        raise ValueError("its header is not text") from None
    except json.JSONDecodeError:
        raise ValueError("its header is not JSON") from None
    except ValueError as error:
        raise ValueError(f"in its header {error}") from None
    if not isinstance(header, dict):
        raise ValueError("its header is not a table")
    if len(header) > TENSORS:
        raise ValueError(f"it has {len(header)} tensors, more than {TENSORS}")
    return header, 8 + length


def _check_spans(header: Mapping[str, Any], available: int) -> None:
    """The tensors' bytes lie one after the other, without overlap, hole or rest."""
    spans = []
    for name, entry in header.items():
        span = entry.get("data_offsets") if isinstance(entry, dict) else None
        if not (
            isinstance(span, list)
            and len(span) == 2
            and all(type(n) is int and n >= 0 for n in span)
        ):
            raise ValueError(f"the place of {name[:80]!r} in it is not given")
        spans.append((span[0], span[1]))
    at = 0
    for begin, end in sorted(spans):
        if begin != at or end < begin:
            raise ValueError("its tensors overlap or leave holes")
        at = end
    if at != available:
        raise ValueError(f"its tensors need {at:,} bytes but it has {available:,}")


def _problem(name: str, entry: Mapping[str, Any]) -> str | None:
    """What is wrong with one tensor's description, if anything is."""
    if not is_weight_name(name):
        return f"{name[:80]!r} is not the name of a weight"
    dtype, shape = entry.get("dtype"), entry.get("shape")
    if not isinstance(dtype, str) or dtype not in DTYPES:
        return f"{name} has type {str(dtype)[:20]}, not one of {', '.join(DTYPES)}"
    if (
        not isinstance(shape, list)
        or len(shape) > DIMENSIONS
        or not all(type(n) is int and n >= 0 for n in shape)
    ):
        return f"{name} has no sensible shape"
    begin, end = entry["data_offsets"]
    if math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize != end - begin:
        return f"{name} has {end - begin:,} bytes, which is not its shape {tuple(shape)} in {dtype}"
    return None


def _read_tensor(file: IO[bytes], start: int, entry: Mapping[str, Any]) -> Array:
    begin, end = entry["data_offsets"]
    file.seek(start + begin)
    content = file.read(end - begin)
    if len(content) != end - begin:
        raise ValueError("it is cut short")
    flat: Array = np.frombuffer(content, DTYPES[entry["dtype"]])
    if entry["dtype"] == "BF16":
        # A bfloat16 is the upper half of a float32.
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    return flat.astype(flat.dtype.newbyteorder("="), copy=False).reshape(entry["shape"])
