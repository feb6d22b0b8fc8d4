"""``import rnnviz`` and the lower floors in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

import rnnviz

needs_the_command_line = pytest.mark.skipif(
    not (Path(rnnviz.__file__).parent / "cli/main.py").exists(), reason="no command line yet"
)


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_rnnviz_imports_neither_qt_nor_numpy() -> None:
    heavy = run(
        "import sys, rnnviz\n"
        "print([m for m in ('PySide6', 'shiboken6', 'pyqtgraph', 'numpy') if m in sys.modules])"
    )
    assert heavy == "[]"


@needs_the_command_line
def test_no_module_below_the_views_imports_qt() -> None:
    qt = run(
        "import importlib, pkgutil, sys, rnnviz\n"
        "for floor in 'trace engine tasks interop analysis session scene cli'.split():\n"
        "    package = importlib.import_module(f'rnnviz.{floor}')\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(module.name)\n"
        "print([m for m in ('PySide6', 'shiboken6', 'pyqtgraph') if m in sys.modules])"
    )
    assert qt == "[]"


@needs_the_command_line
def test_every_public_name_but_show_is_found_without_qt() -> None:
    names = [name for name in rnnviz.__all__ if name != "show"]
    found = run(
        f"import sys, rnnviz\nprint([getattr(rnnviz, name) is None for name in {names}])\n"
        "print('PySide6' in sys.modules)"
    )
    assert found.splitlines() == [str([False] * len(names)), "False"]


@needs_the_command_line
def test_show_is_public() -> None:
    assert callable(rnnviz.show)


def test_the_public_names_are_listed() -> None:
    assert set(rnnviz.__all__) <= set(dir(rnnviz))


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        rnnviz.lode  # noqa: B018
