"""Traces on disk: ``.npz`` under the names of ``docs/trace.md``."""

from __future__ import annotations

import dataclasses
import math
import os
from typing import Any, cast

from rnnviz.trace.archive import (
    DEFAULT_LIMITS,
    META,
    Limits,
    member_names,
    read_archive,
    write_archive,
)
from rnnviz.trace.errors import UserError
from rnnviz.trace.layout import as_real, problems
from rnnviz.trace.record import Labels, Mode, Place, Trace, Update
from rnnviz.trace.spec import ModelSpec

FORMAT = "rnnviz trace"
VERSION = 1
SHOWN_PROBLEMS = 8


def is_recorded(path: str | os.PathLike[str]) -> bool:
    """Whether that is the name of a recorded pass: an ``.npz`` file with the description that every
    trace has. Without one its arrays are sequences to learn from.

    What cannot be read counts as a trace: reading it says best what is wrong with it.
    """
    if not os.fspath(path).lower().endswith(".npz"):
        return False
    try:
        return META in member_names(path)
    except UserError:
        return True


def save_trace(trace: Trace, path: str | os.PathLike[str]) -> None:
    """Write a trace; an existing file is replaced only by a complete one.

    Raises:
        UserError: if the place cannot be written to.
    """
    update = trace.update
    meta = {
        "format": FORMAT,
        "version": VERSION,
        "title": trace.title,
        "mode": trace.mode,
        "iteration": trace.iteration,
        "spec": dataclasses.asdict(trace.spec),
        "labels": dataclasses.asdict(trace.labels),
        "update": None if update is None else _plain(dataclasses.asdict(update)),
    }
    if trace.by_hand:
        meta["by_hand"] = [_described(place) for place in trace.by_hand]
    write_archive(path, trace.arrays, meta)


def load_trace(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Trace:
    """Read a trace back, with every array's shape held against the model's description.

    Raises:
        UserError: if the file cannot be read, is no trace, comes from a newer version, or its
            arrays do not fit together.
    """
    shown = os.fspath(path)
    archive = read_archive(path, limits)
    meta = archive.meta
    if meta.get("format") != FORMAT:
        raise UserError(f"cannot open {shown!r}: it is not a trace; save one with `rnnviz trace`")
    if meta.get("version") != VERSION:
        raise UserError(
            f"cannot open {shown!r}: it is a trace of version {meta.get('version')!r} and this "
            f"program reads version {VERSION}; open it with the release that wrote it"
        )
    try:
        spec = _spec(meta.get("spec"))
        labels = _labels(meta.get("labels", {}))
        update = _update(meta.get("update"))
        mode = meta.get("mode", "train")
        if mode not in ("train", "sample"):
            raise UserError(f"mode is {mode!r}; use train or sample")
        iteration = _whole(meta.get("iteration", 0), "iteration")
        title = _text(meta.get("title", ""), "title")
        by_hand = _places(meta.get("by_hand", []))
    except UserError as error:
        raise UserError(f"cannot open {shown!r}: its description is wrong: {error}") from None
    found = problems(spec, archive.arrays)
    if found:
        more = f"; and {len(found) - SHOWN_PROBLEMS} more" if len(found) > SHOWN_PROBLEMS else ""
        listed = "; ".join(found[:SHOWN_PROBLEMS])
        raise UserError(f"cannot open {shown!r}: its arrays do not fit its model: {listed}{more}")
    arrays = {name: as_real(name, array) for name, array in archive.arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    return Trace(spec, arrays, labels, cast(Mode, mode), iteration, update, title, by_hand)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """JSON has no infinity and no NaN: they are written as text."""
    return {
        key: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }


def _described(place: Place) -> dict[str, Any]:
    """In plain numbers: an edit made in Python may count in NumPy's."""
    given = {"step": place.step, "row": place.row}
    counts = {name: int(at) for name, at in given.items() if at is not None}
    return {"name": place.name, **counts, "index": [int(at) for at in place.index]}


def _spec(value: Any) -> ModelSpec:
    fields = {field.name: field for field in dataclasses.fields(ModelSpec)}
    if not isinstance(value, dict):
        raise UserError("the model is missing")
    unknown = sorted(set(value) - set(fields))
    if unknown:
        raise UserError(f"the model has unknown settings: {', '.join(unknown)[:200]}")
    kinds: dict[str, tuple[type, ...]] = {"int": (int,), "bool": (bool,), "float": (int, float)}
    for name, given in value.items():
        allowed = kinds.get(str(fields[name].type), (str,))
        if not isinstance(given, allowed) or (isinstance(given, bool) and bool not in allowed):
            raise UserError(f"{name} is {str(given)[:80]!r}, which is not of the right type")
    try:
        return ModelSpec(**value)
    except TypeError:
        raise UserError("input_size, hidden_size and output_size are all needed") from None


def _labels(value: Any) -> Labels:
    if not isinstance(value, dict) or set(value) - {f.name for f in dataclasses.fields(Labels)}:
        raise UserError("the labels are not a table of the known names")
    return Labels(
        inputs=_rows(value.get("inputs", []), "inputs"),
        targets=_rows(value.get("targets", []), "targets"),
        decoder_inputs=_rows(value.get("decoder_inputs", []), "decoder_inputs"),
        symbols=_texts(value.get("symbols", []), "symbols"),
        classes=_texts(value.get("classes", []), "classes"),
    )


def _rows(value: Any, name: str) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list):
        raise UserError(f"the label {name} is not a list")
    return tuple(_texts(row, name) for row in value)


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UserError(f"the label {name} is not a list")
    return tuple(_text(item, name) for item in value)


def _update(value: Any) -> Update | None:
    if value is None:
        return None
    fields = dataclasses.fields(Update)
    names = {field.name for field in fields}
    # What came later has a default: files from before do not have it.
    needed = {field.name for field in fields if field.default is dataclasses.MISSING}
    if not isinstance(value, dict) or not needed <= set(value) <= names:
        raise UserError("the optimiser's figures are incomplete")
    try:
        numbers = {
            name: None if given is None and name == "clip" else float(given)
            for name, given in value.items()
            if name != "optimizer"
        }
    except (TypeError, ValueError, OverflowError):
        raise UserError("one of the optimiser's figures is not a number") from None
    return Update(optimizer=_text(value["optimizer"], "optimizer"), **cast(Any, numbers))


def _places(value: Any) -> tuple[Place, ...]:
    if not isinstance(value, list) or not all(isinstance(place, dict) for place in value):
        raise UserError("by_hand is not a list of places")
    return tuple(_place(**{"name": None, **place}) for place in value)


def _place(name: Any, step: Any = None, row: Any = None, index: Any = (), **other: Any) -> Place:
    if other or not isinstance(index, list | tuple):
        raise UserError("a place by_hand is not a name, a step, a row and an index")
    return Place(
        _text(name, "a name by_hand"),
        None if step is None else _whole(step, "a step by_hand"),
        None if row is None else _whole(row, "a row by_hand"),
        tuple(_whole(at, "an index by_hand") for at in index),
    )


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise UserError(f"{name} is not text")
    return value


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UserError(f"{name} is not a whole number")
    return value
