"""The pins in requirements/ and the bounds in pyproject.toml agree."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "requirements"


def pins(name: str) -> dict[str, str]:
    """Package -> pinned version, of one file and the files it names."""
    found: dict[str, str] = {}
    for line in (FOLDER / name).read_text().splitlines():
        if line.startswith("-r "):
            found |= pins(line.removeprefix("-r ").strip())
        elif match := re.fullmatch(r"([\w.-]+)==([\w.]+)", line):
            found[canonicalize_name(match[1])] = match[2]
    return found


def bounds(part: str) -> list[Requirement]:
    """What pyproject.toml asks for on this Python: for "the program", or for an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] if part == "the program" else extras[part]
    asked = [Requirement(line) for line in lines if not line.startswith("rnnviz[")]
    return [each for each in asked if each.marker is None or each.marker.evaluate()]


@pytest.mark.parametrize(
    ("part", "file"),
    [
        ("the program", "run.txt"),
        ("export", "run.txt"),
        ("video", "run.txt"),
        ("test", "dev.txt"),
        ("dev", "dev.txt"),
        ("reference", "reference.txt"),
    ],
)
def test_every_requirement_has_a_pin_within_its_bounds(part: str, file: str) -> None:
    pinned = pins(file)
    asked = bounds(part)
    assert asked
    outside = [
        str(each)
        for each in asked
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))
    ]
    assert outside == []


def test_the_environment_without_qt_asks_for_no_qt() -> None:
    names = set(pins("noqt.txt"))
    assert not names & {"pyside6-essentials", "shiboken6", "pyqtgraph", "pytest-qt"}
    assert {"numpy", "pytest"} <= names


def test_the_known_broken_bindings_are_excluded_on_the_python_they_break() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    qt = [Requirement(each) for each in project["dependencies"] if each.startswith("PySide6")]
    for python, allowed in (("3.11", False), ("3.12", True)):
        asked = [
            each for each in qt if each.marker and each.marker.evaluate({"python_version": python})
        ]
        assert [each.specifier.contains("6.12.0") for each in asked] == [allowed]
