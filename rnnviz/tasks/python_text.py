"""The text that comes with Python itself: the documentation strings of its standard library."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from rnnviz.trace import UserError

SOURCE = "documentation strings of the standard library, read from the installed Python"
LICENCE = "PSF-2.0 (read at run time, not part of rnnviz)"
LENGTH_CHARACTERS = 250_000
_FROM_ONE_FILE_CHARACTERS = 4_000
_LARGEST_SOURCE_BYTES = 60_000
_PACKAGES = ("asyncio", "email", "html", "http", "importlib", "json", "logging", "urllib")


def python_text(length: int = LENGTH_CHARACTERS) -> str:
    """At least ``length`` characters of documentation, in the order of the file names.

    Sources are parsed, never imported. Only a little of each file is taken, so that the text does
    not dwell on one subject; strings with characters outside ASCII or with interactive sessions
    are left out, so that it stays English prose.

    Raises:
        UserError: if this Python carries no sources of its standard library.
    """
    folder = Path(sysconfig.get_path("stdlib"))
    parts: list[str] = []
    gathered = 0
    for path in _sources(folder):
        taken = 0
        for text in _docstrings(path):
            if taken >= _FROM_ONE_FILE_CHARACTERS:
                break
            parts.append(text)
            taken += len(text) + 2
        gathered += taken
        if gathered >= length:
            break
    if gathered < 1000:
        raise UserError(f"this Python has no library sources in {folder}: name a text file instead")
    return "\n\n".join(parts) + "\n"


def _sources(folder: Path) -> list[Path]:
    """The smaller modules of the library and of its packages, in order."""
    found = (path for name in ("", *_PACKAGES) for path in (folder / name).glob("*.py"))
    return sorted(path for path in found if path.stat().st_size <= _LARGEST_SOURCE_BYTES)


def _docstrings(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node)
            if (
                text
                and ">>>" not in text
                and text.isascii()
                and text.replace("\n", " ").isprintable()
            ):
                yield text
