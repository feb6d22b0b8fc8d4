"""Whether a result can be written, asked before the work is done and not after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rnnviz.trace.atomic import check_place
from rnnviz.trace.errors import UserError


def size_words(size: tuple[int, int], scale: float, path: Path) -> str:
    """``3200 × 2000 pixels``: what the file has, for a picture of ``size`` logical pixels.

    Only a PNG has ``scale`` of its own pixels for each of them.
    """
    times = scale if path.suffix.lower() == ".png" else 1.0
    return f"{round(size[0] * times)} × {round(size[1] * times)} pixels"


def check_writable(path: str, suffixes: Sequence[str] = ()) -> Path:
    """The path of an output file.

    Raises:
        UserError: if its ending is not among ``suffixes``, or no file of that name can be saved
            there. Nothing is left behind, and an old file stays as it is.
    """
    target = Path(path)
    if suffixes and target.suffix.lower() not in suffixes:
        raise UserError(f"cannot write {path!r}: its name must end in {' or '.join(suffixes)}")
    try:
        if "\0" in path:  # pathlib calls that a name which is not there
            raise ValueError("embedded null byte")
        is_folder, has_folder = target.is_dir(), target.parent.is_dir()
    except (OSError, ValueError) as error:  # too long, or with a zero byte in it
        cause = getattr(error, "strerror", None) or error
        raise UserError(f"cannot write {path[:80]!r}: {cause}; choose another name") from None
    if is_folder:
        raise UserError(f"cannot write {path!r}: it is a folder; name a file in it")
    folder = target.parent
    if not has_folder:
        raise UserError(f"cannot write {path!r}: there is no folder {str(folder)!r}")
    check_place(target)
    return target
