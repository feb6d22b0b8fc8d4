"""A name for a file that takes no other file's place."""

from __future__ import annotations

import os
from pathlib import Path


def free_path(folder: Path, name: str) -> Path:
    """A path in the folder that is not taken yet."""
    path, number = folder / name, 1
    while os.path.exists(path):
        number += 1
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return path
