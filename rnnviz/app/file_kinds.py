"""What a file is by its name: a run, a pass that was recorded, or sequences to learn from."""

from __future__ import annotations

from pathlib import Path

from rnnviz.trace import UserError
from rnnviz.trace.archive import META, member_names


def is_run(path: Path) -> bool:
    """Whether that is the name of a run file, in small letters or capitals."""
    return path.suffix.lower() == ".rnnviz"


def is_recorded(path: Path) -> bool:
    """Whether that is the name of a recorded pass: an ``.npz`` file with the description that every
    trace has. Without one its arrays are sequences to learn from.

    What cannot be read counts as a trace: reading it says best what is wrong with it.
    """
    if path.suffix.lower() != ".npz":
        return False
    try:
        return META in member_names(path)
    except UserError:
        return True
