"""An analysis as rows of a table: one column an array, one row an element of the first axis."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import UserError

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
        UserError: if the file cannot be written.
    """
    rows = -1
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for row in table_rows(arrays):
                writer.writerow(row)
                rows += 1
    except OSError as error:
        raise UserError(f"cannot write {str(path)!r}: {error.strerror}") from error
    return rows


def write_arrays(arrays: Mapping[str, Array], path: Path) -> None:
    """Write the arrays as their file is named: ``.csv`` in long form, else ``.npz``.

    Raises:
        UserError: if the file cannot be written.
    """
    if path.suffix.lower() == ".csv":
        write_table(arrays, path)
        return
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise UserError(f"cannot write {str(path)!r}: {error.strerror}") from error


def _real(arrays: Mapping[str, Array]) -> dict[str, Array]:
    split: dict[str, Array] = {}
    for name, array in arrays.items():
        if np.iscomplexobj(array):
            split |= {f"{name}.real": array.real, f"{name}.imag": array.imag}
        else:
            split[name] = np.asarray(array)
    return split
