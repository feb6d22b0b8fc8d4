"""The user's own data: which task a file or folder makes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnviz.tasks import charlm
from rnnviz.tasks.base import Task
from rnnviz.tasks.next_frame import video_task
from rnnviz.tasks.own_arrays import array_task
from rnnviz.tasks.own_pictures import picture_task
from rnnviz.tasks.own_tables import table_task
from rnnviz.trace import UserError

_TABLE = (".csv", ".tsv")
_ARRAYS = (".npy", ".npz")
_VIDEO = (".mp4", ".mkv", ".mov", ".avi", ".webm", ".m4v")
_PICTURE = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


def is_text(path: str) -> bool:
    """Whether a file would be learned character by character."""
    place = Path(path)
    other = (*_TABLE, *_ARRAYS, *_VIDEO, *_PICTURE)
    return not os.path.isdir(path) and place.suffix.lower() not in other


def open_data(path: str, **options: Any) -> Task:
    """A folder of pictures, a CSV table, arrays, a video or any other file as text.

    Raises:
        UserError: if it cannot be used.
    """
    if options:
        raise UserError(
            f"{path} is your own data, without settings: leave out {', '.join(options)}"
        )
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix in _PICTURE and not os.path.isdir(path):
        raise UserError(
            f"{path} is one picture: name a folder with a sub-folder of pictures per class"
        )
    make: Callable[[str], Task] = charlm.text
    if os.path.isdir(path):
        make = picture_task
    elif suffix in _TABLE:
        make = table_task
    elif suffix in _ARRAYS:
        make = array_task
    elif suffix in _VIDEO:
        make = video_task
    return make(path)
