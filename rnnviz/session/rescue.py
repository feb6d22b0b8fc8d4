"""A trained run whose place does not take it is kept elsewhere: it may have taken hours."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.trace import UserError
from rnnviz.trace.free_path import free_path

if TYPE_CHECKING:
    from rnnviz.session.run import Run


def save_somewhere(run: Run, path: Path) -> tuple[Path, str]:
    """Save a run at ``path``, or under its name in the folder for temporary files.

    Returns where it is now, and what was wrong with the place that was wanted, empty if nothing.

    Raises:
        UserError: if no place takes it; says what is wrong with the one that was wanted.
    """
    try:
        run.save(path)
    except UserError as error:
        kept = free_path(Path(tempfile.gettempdir()), path.name)
        try:
            run.save(kept)
        except UserError:
            raise error from None
        return kept, str(error)
    return path, ""
