"""Where a run's own data may be, when it is opened from another folder or was taken along."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from rnnviz.session.config import RunConfig
from rnnviz.tasks import ENTRIES


def folder_of(config: RunConfig) -> str:
    """The folder that the path of the user's data starts from; empty where none is needed."""
    path = _path(config)
    if path is None or os.path.isabs(path):
        return ""
    try:
        return os.getcwd()
    except OSError:  # it was removed meanwhile
        return ""


def places(config: RunConfig, folders: Sequence[str]) -> Iterator[RunConfig]:
    """The configuration as it is, then with the user's data looked for in each of ``folders``,
    by its path and by its name alone; only those that are there."""
    yield config
    path = _path(config)
    if path is None:
        return
    tried = {os.path.abspath(path)}
    for folder in filter(None, folders):
        for candidate in (Path(folder, path), Path(folder, Path(path).name)):
            place = os.path.abspath(candidate)
            if place not in tried and os.path.exists(place):
                yield _moved(config, place)
            tried.add(place)


def data_name(config: RunConfig) -> str:
    """What the user calls the data that the run learns from: their file, or the task."""
    path = _path(config)
    return config.task if path is None else f"“{Path(path).name}”"


def _path(config: RunConfig) -> str | None:
    """The path of the user's own file or folder, if the data are the user's own."""
    given = config.options.get("path")
    if isinstance(given, str):
        return given
    return None if any(entry.info.name == config.task for entry in ENTRIES) else config.task


def _moved(config: RunConfig, place: str) -> RunConfig:
    if isinstance(config.options.get("path"), str):
        return msgspec.structs.replace(config, options={**config.options, "path": place})
    return msgspec.structs.replace(config, task=place)
