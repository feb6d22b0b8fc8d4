"""Where the files that come with the program are: icons, fonts, texts."""

import os
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Path of a file in ``resources/``, in a checkout and in an installed wheel alike.

    Raises FileNotFoundError if there is no such file: the installation is incomplete.
    """
    installed = _PACKAGE / "resources"
    folder = installed if os.path.isdir(installed) else _PACKAGE.parent / "resources"
    path = folder / name
    if not os.path.exists(path):
        raise FileNotFoundError(f"rnnviz has no resource {name!r} in {folder}")
    return path


def equation_font() -> Path:
    """The font of the equations, which comes with ziamath.

    Raises FileNotFoundError if that is missing.
    """
    # The package is found without importing it, which would take a third of a second.
    package = find_spec("ziamath")
    if package is None or package.origin is None:
        raise FileNotFoundError("the font of the equations comes with ziamath, which is missing")
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
