"""Where the files that come with the program are: icons, fonts, texts."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Path of a file in ``resources/``, in a checkout and in an installed wheel alike.

    Raises FileNotFoundError if there is no such file: the installation is incomplete.
    """
    installed = _PACKAGE / "resources"
    folder = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    path = folder / name
    if not path.exists():
        raise FileNotFoundError(f"rnnviz has no resource {name!r} in {folder}")
    return path
