"""Finding data files inside installed packages without importing the packages."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from rnnviz.trace import UserError


def is_installed(package: str) -> bool:
    """Whether a top-level package can be found; it is not imported."""
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def package_folder(package: str) -> Path:
    """Where a package keeps its files.

    Raises:
        UserError: if it is not installed as files.
    """
    spec = find_spec(package) if is_installed(package) else None
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not folders:
        raise UserError(
            f"the package {package} is not installed: install it with  pip install 'rnnviz[data]'"
        )
    return Path(folders[0])


def data_file(package: str, *parts: str) -> Path:
    """One data file of a package.

    Raises:
        UserError: if the package is missing or came without the file.
    """
    path = package_folder(package).joinpath(*parts)
    if not os.path.isfile(path):
        raise UserError(
            f"the installed package {package} has no {'/'.join(parts)}: install another version"
        )
    return path
