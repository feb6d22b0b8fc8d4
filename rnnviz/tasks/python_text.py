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


def python_text(length: int = LENGTH_CHARACTERS) -> str:
    """At least ``length`` characters of documentation, in the order of the file names.

    Sources are parsed, never imported. Strings with characters outside ASCII are left out, so
    that the alphabet stays that of English prose.

    Raises:
        UserError: if this Python carries no sources of its standard library.
    """
    folder = Path(sysconfig.get_path("stdlib"))
    parts: list[str] = []
    gathered = 0
    for path in sorted(folder.glob("*.py")):
        for text in _docstrings(path):
            parts.append(text)
            gathered += len(text) + 2
        if gathered >= length:
            break
    if gathered < 1000:
        raise UserError(f"this Python has no library sources in {folder}: name a text file instead")
    return "\n\n".join(parts) + "\n"


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
            if text and text.isascii() and text.replace("\n", " ").isprintable():
                yield text
