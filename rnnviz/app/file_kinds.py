"""What an .npz file is: a pass that was recorded, or sequences to learn from."""

from __future__ import annotations

import zipfile
from pathlib import Path

_DESCRIPTION = "meta.npy"


def holds_sequences(path: Path) -> bool:
    """Whether the arrays come without the description that every trace has.

    What cannot be read counts as a trace: reading it says best what is wrong with it.
    """
    if path.suffix.lower() != ".npz":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _DESCRIPTION not in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
