"""The numbers themselves: an array of a pass, or all numbers of one step, as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO

import numpy as np

from rnnviz.trace import Part, Trace, UserError
from rnnviz.trace.atomic import write_atomically
from rnnviz.trace.layout import is_over_time


def array_table(trace: Trace, name: str, row: int = 0) -> str:
    """CSV of one array of the pass by its documented name, a line for each step.

    Columns: step (from 1), the word that goes in, and a value for each unit (from 1), in full
    precision; arrays without units have one value. A gradient has its Euclidean length over the
    units before them, as its strip shows it.

    Raises:
        UserError: if the pass has no such array, or it is not one of steps.
    """
    array = trace.get(name)
    if array is None:
        raise UserError(f"this pass has no array {name!r}")
    part = _part_of(trace, name)
    if not _has_steps(trace, name, part) or array.ndim not in (1, 2, 3):
        raise UserError(f"{name!r} has no value for each step; save the trace to get it")
    values = array if array.ndim == 1 else array[:, row]
    units = values.shape[1] if values.ndim == 2 else 1
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    headings = [f"{name}[{unit + 1}]" for unit in range(units)] if values.ndim == 2 else [name]
    measured = name.startswith("dL_d") and values.ndim == 2
    writer.writerow(["step", "token", *(["length"] if measured else []), *headings])
    for step in range(part.steps):
        cells = values[step].tolist() if values.ndim == 2 else [values[step].item()]
        if measured:
            cells.insert(0, float(np.linalg.norm(values[step].astype(np.float64))))
        writer.writerow([step + 1, _token(trace, part, step, row), *map(repr, cells)])
    return out.getvalue()


def step_table(trace: Trace, column: int, row: int = 0) -> str:
    """CSV of every number of one step: name, unit (from 1) and value, a line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "unit", "value"])
    for part in trace.parts:
        if not part.start <= column < part.stop:
            continue
        for name, array in trace.arrays.items():
            if _part_of(trace, name) != part or not _has_steps(trace, name, part):
                continue
            if array.ndim not in (2, 3) or array.shape[1] != trace.batch_size:
                continue
            value = array[column - part.start, row]
            for unit, number in enumerate(value.reshape(-1).tolist()):
                writer.writerow([name, unit + 1, repr(number)])
    return out.getvalue()


def array_behind(trace: Trace, strip: str) -> str:
    """The array whose numbers a strip shows: token ids behind the words, else what it is called.

    Raises:
        UserError: if the pass has no such array.
    """
    name = strip
    if strip.endswith("input"):
        prefix = strip.removesuffix("input")
        name = next((each for each in (f"{prefix}tokens", f"{prefix}x") if each in trace), strip)
    if name not in trace:
        raise UserError(f"this pass has no array {name!r}")
    return name


def tabbed(table: str) -> str:
    """A CSV table with tabs between the cells, as spreadsheets read it from the clipboard."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows(csv.reader(io.StringIO(table)))
    return out.getvalue()


def write_table(text: str, path: Path) -> None:
    """Save a table; an old file is replaced only by a complete one.

    Raises:
        UserError: if the file cannot be written.
    """

    def write(file: IO[bytes]) -> None:
        file.write(text.encode("utf-8"))

    write_atomically(path, write)


def _has_steps(trace: Trace, name: str, part: Part) -> bool:
    return is_over_time(trace.spec, name) and trace.shape(name)[:1] == (part.steps,)


def _part_of(trace: Trace, name: str) -> Part:
    """The part an array belongs to: outputs and losses are the last one's."""
    for part in trace.parts:
        if part.prefix and part.prefix in name:
            return part
    return trace.output_part


def _token(trace: Trace, part: Part, step: int, row: int) -> str:
    labels = trace.labels
    rows = labels.decoder_inputs if part.prefix == "decoder_" else labels.inputs
    return rows[row][step] if row < len(rows) and step < len(rows[row]) else ""
