"""An analysis as rows of a table: one column an array, one row an element of the first axis."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.atomic import write_atomically

Array = NDArray[Any]


def table_rows(arrays: Mapping[str, Array]) -> Iterator[list[str]]:
    """Long form: ``array, index…, value``, one number a row, after a heading.

    Arrays of different shapes fit into one file this way, and every spreadsheet, pandas and R
    read it back. Complex numbers are two rows, ``name.real`` and ``name.imag``.
    """
    split = _real(arrays)
    width = max((array.ndim for array in split.values()), default=0)
    yield ["array", *(f"index{axis}" for axis in range(width)), "value"]
    for name, array in split.items():
        for place, value in np.ndenumerate(array):
            padded = [str(i) for i in place] + [""] * (width - len(place))
            yield [name, *padded, repr(value.item())]


def write_table(arrays: Mapping[str, Array], path: Path) -> int:
    """Write the arrays as CSV (UTF-8); returns the number of rows below the heading.

    Raises:
        UserError: if the file cannot be written; an old one is then intact.
    """
    rows = -1

    def write(file: IO[bytes]) -> None:
        nonlocal rows
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        writer = csv.writer(text)
        for row in table_rows(arrays):
            writer.writerow(row)
            rows += 1
        text.detach()  # flushes; the file is still to be brought to disk

    write_atomically(path, write)
    return rows


def write_arrays(arrays: Mapping[str, Array], path: Path) -> None:
    """Write the arrays as their file is named: ``.csv`` in long form, else ``.npz``.

    Raises:
        UserError: if the file cannot be written; an old one is then intact.
    """
    if path.suffix.lower() == ".csv":
        write_table(arrays, path)
        return
    write_atomically(path, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))


def _real(arrays: Mapping[str, Array]) -> dict[str, Array]:
    split: dict[str, Array] = {}
    for name, array in arrays.items():
        if np.iscomplexobj(array):
            split |= {f"{name}.real": array.real, f"{name}.imag": array.imag}
        else:
            split[name] = np.asarray(array)
    return split
