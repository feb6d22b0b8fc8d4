"""``import rnnviz`` and the lower floors in a fresh interpreter."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import rnnviz

needs_show = pytest.mark.skipif(
    not (Path(rnnviz.__file__).parent / "app/show.py").exists(), reason="no window yet"
)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_rnnviz_imports_neither_qt_nor_numpy() -> None:
    heavy = run(
        "import sys, rnnviz\n"
        "print([m for m in ('PySide6', 'shiboken6', 'pyqtgraph', 'numpy') if m in sys.modules])"
    )
    assert heavy == "[]"


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


def test_every_public_name_but_show_is_found_without_qt() -> None:
    names = [name for name in rnnviz.__all__ if name != "show"]
    found = run(
        f"import sys, rnnviz\nprint([getattr(rnnviz, name) is None for name in {names}])\n"
        "print('PySide6' in sys.modules)"
    )
    assert found.splitlines() == [str([False] * len(names)), "False"]


@needs_show
def test_show_is_public() -> None:
    assert callable(rnnviz.show)


def test_the_public_names_are_listed() -> None:
    assert set(rnnviz.__all__) <= set(dir(rnnviz))
    assert set(rnnviz.__all__) == {*rnnviz._HOME, "__version__"}


def test_type_checkers_are_told_the_same_names_from_the_same_homes() -> None:
    stub = (Path(rnnviz.__file__).with_suffix(".pyi")).read_text()
    homes = re.findall(r"^from ([\w.]+) import (\w+) as \w+$", stub, re.M)
    assert {name: home for home, name in homes} == rnnviz._HOME


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        rnnviz.lode  # noqa: B018  # the error is what is tested
