"""The wheel that users install: whole, and at home in any folder."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import rnnviz

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from this checkout without a network, as an archive."""
    dist = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = dist.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        yield archive


@pytest.fixture(scope="module")
def installed(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_wheel_carries_every_module_and_resource(wheel: zipfile.ZipFile) -> None:
    packed = {name for name in wheel.namelist() if not name.endswith("/")}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "rnnviz").rglob("*.py")}
    resources = {
        f"rnnviz/{path.relative_to(ROOT)}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    assert resources
    assert modules | resources | {"rnnviz/py.typed"} <= packed
    assert not [name for name in packed if name.startswith(("tests", "benchmarks", "resources"))]


def test_the_wheel_carries_its_licence_and_its_command(wheel: zipfile.ZipFile) -> None:
    info = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    folder = info.rpartition("/")[0]
    assert b"rnnviz = rnnviz.__main__:start" in wheel.read(f"{folder}/entry_points.txt")
    assert f"{folder}/licenses/LICENSE" in wheel.namelist()


def test_resources_are_found_from_any_folder(installed: Path, tmp_path: Path) -> None:
    code = "from rnnviz.resources import resource; print(resource('rnnviz.svg'))"
    assert run(installed, tmp_path, "-c", code) == str(installed / "rnnviz/resources/rnnviz.svg")


def test_the_installed_program_says_its_version_from_any_folder(
    installed: Path, tmp_path: Path
) -> None:
    assert rnnviz.__version__ in run(installed, tmp_path, "-m", "rnnviz", "--version")


def test_main_py_is_the_same_program_from_any_folder(tmp_path: Path) -> None:
    commands = [
        [sys.executable, str(ROOT / "main.py")],
        [sys.executable, "-m", "rnnviz"],
        [str(Path(sys.executable).with_name("rnnviz"))],
    ]
    said = {
        subprocess.run(
            [*command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        for command in commands
    }
    assert len(said) == 1
