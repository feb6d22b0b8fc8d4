"""Recognising data again: a run may only go on with the very data it was trained on."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.session.setup import Plan
from rnnviz.tasks import Task
from rnnviz.trace import UserError

_CHUNK_BYTES = 1 << 20
_MOST_FILES = 100_000
BATCH_FIELDS = (
    "tokens", "x", "targets", "lengths", "mask", "context", "decoder_tokens",
)  # fmt: skip


def data_path(task: Task) -> Path | None:
    """The user's file or folder behind a task, or None for data that come with the program."""
    path = task.options.get("path")
    return Path(path) if isinstance(path, str) else None


def fingerprint(made: Plan) -> dict[str, str]:
    """Hashes of the user's file and of the first batch of training.

    Raises:
        UserError: if the file cannot be read.
    """
    found = {"batch": _hash_of_batch(made)}
    path = data_path(made.task)
    if path is not None:
        found["file"] = hash_of_path(path)
    return found


def _hash_of_batch(made: Plan) -> str:
    training = made.training
    batch = made.task.stream(training.batch_size, training.window, 0).next_batch()
    hashed = hashlib.sha256(json.dumps(sorted(made.task.sizes.items())).encode())
    for name in BATCH_FIELDS:
        array: Any = getattr(batch, name)
        if array is not None:
            array = np.ascontiguousarray(array)
            hashed.update(f"{name} {array.dtype.str} {array.shape}".encode())
            hashed.update(array.tobytes())
    return hashed.hexdigest()


def hash_of_path(path: Path) -> str:
    """Of a file its bytes, of a folder the names and sizes of the files in it.

    Raises:
        UserError: if it cannot be read.
    """
    hashed = hashlib.sha256()
    try:
        if os.path.isdir(path):
            names = sorted(p for p in path.rglob("*") if os.path.isfile(p))[:_MOST_FILES]
            for name in names:
                # Names are bytes: not every one is text.
                hashed.update(os.fsencode(name.relative_to(path)))
                hashed.update(f" {os.path.getsize(name)}\n".encode())
        else:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    hashed.update(chunk)
    except OSError as error:
        raise UserError(f"cannot read {str(path)!r}: {error.strerror or error}") from None
    return hashed.hexdigest()
