"""The user's own data: which task a file or folder makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rnnviz.tasks import charlm
from rnnviz.tasks.base import Task
from rnnviz.tasks.next_frame import video_task
from rnnviz.tasks.own_arrays import array_task
from rnnviz.tasks.own_pictures import picture_task
from rnnviz.tasks.own_tables import table_task
from rnnviz.trace import UserError

_VIDEO = (".mp4", ".mkv", ".mov", ".avi", ".webm", ".m4v")
_PICTURE = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


def open_data(path: str, **options: Any) -> Task:
    """A folder of pictures, a CSV table, arrays, a video or any other file as text.

    Raises:
        UserError: if it cannot be used.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    try:
        if place.is_dir():
            return picture_task(path, **options)
        if suffix in (".csv", ".tsv"):
            return table_task(path, **options)
        if suffix in (".npy", ".npz"):
            return array_task(path, **options)
        if suffix in _VIDEO:
            return video_task(path, **options)
        if suffix in _PICTURE:
            raise UserError(
                f"{path} is one picture: name a folder with a sub-folder of pictures per class"
            )
        return charlm.text(path, **options)
    except TypeError as error:
        raise UserError(f"{path}: {error}") from None
