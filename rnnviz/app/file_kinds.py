"""What a file is by its name."""

from __future__ import annotations

from pathlib import Path


def is_run(path: Path) -> bool:
    """Whether that is the name of a run file, in small letters or capitals."""
    return path.suffix.lower() == ".rnnviz"
