"""The user's own table: text,label becomes a classifier, source,target a translator."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from rnnviz.tasks.labelled_sentences import LabelledSentences
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.sentence_pairs import SentencePairs
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.textfile import check_readable
from rnnviz.trace import UserError

LIMIT_BYTES = 100_000_000
LIMIT_ROWS = 200_000
FEWEST_ROWS = 10


def table_task(path: str) -> SequenceTask:
    """The task that the header of a CSV (or tab-separated) file asks for.

    Raises:
        UserError: if the columns are others, rows are empty, or there is too little to learn.
    """
    header, rows = _read(Path(path))
    name = Path(path).name
    origin = Origin(path, f"{' → '.join(header)} of {name}", path)
    if header == ("text", "label"):
        return LabelledSentences(origin, rows)
    return SentencePairs(origin, rows)


def _read(path: Path) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    check_readable(path, LIMIT_BYTES, "table")
    rows: list[tuple[str, str]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            names = [name.strip().lower() for name in next(table, [])]
            header = _columns(path, names)
            places = [names.index(name) for name in header]
            for cells in table:
                if not cells:
                    continue
                rows.append(_row(path, table.line_num, cells, places, header))
                if len(rows) > LIMIT_ROWS:
                    raise UserError(f"{path} has more than {LIMIT_ROWS:,} rows: use fewer")
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 text; save the table as UTF-8") from None
    except (csv.Error, OSError) as error:
        raise UserError(f"{path}: cannot be read as a table ({error})") from None
    if len(rows) < FEWEST_ROWS:
        raise UserError(f"{path} has {len(rows)} rows; at least {FEWEST_ROWS} are needed")
    return header, rows


def _columns(path: Path, names: Sequence[str]) -> tuple[str, str]:
    for wanted in (("text", "label"), ("source", "target")):
        if set(wanted) <= set(names):
            return wanted
    found = ", ".join(name or "(no name)" for name in names[:8]) or "none"
    raise UserError(
        f"{path}: the first line names the columns {found}; "
        "it must name text,label or source,target"
    )


def _row(
    path: Path, line: int, cells: Sequence[str], places: Sequence[int], header: tuple[str, str]
) -> tuple[str, str]:
    values = [cells[place].strip() if place < len(cells) else "" for place in places]
    for name, value in zip(header, values, strict=True):
        if not value:
            raise UserError(f"{path}, line {line}: {name} is empty; fill it in or delete the row")
    return values[0], values[1]
