"""The floors of docs/architecture.md, held by import-linter."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def contracts() -> dict[str, dict[str, Any]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract for contract in config["contracts"]}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_code(folder: Path) -> Path:
    shutil.copytree(ROOT / "rnnviz", folder / "rnnviz", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_point_down_and_qt_stays_upstairs() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


STRAYS = {
    "engine/stray_qt.py": "import PySide6.QtCore",
    "engine/stray_library.py": "import msgspec",
    "trace/stray.py": "import rnnviz.engine",
    "tasks/stray.py": "import rnnviz.analysis",
    "scene/stray.py": "def f():\n    import rnnviz.session",
    "views/stray.py": "from rnnviz.engine import stray_qt",
}


def test_a_module_that_strays_breaks_its_contract(tmp_path: Path) -> None:
    folder = copy_of_the_code(tmp_path)
    for module, statement in STRAYS.items():
        (folder / "rnnviz" / module).write_text(statement + "\n")
    result = lint(folder)
    assert result.returncode != 0
    for contract in contracts().values():
        assert f"{contract['name']} BROKEN" in result.stdout
    for module in STRAYS:
        assert "rnnviz." + module.removesuffix(".py").replace("/", ".") in result.stdout


def test_every_package_stands_on_a_floor() -> None:
    floors = contracts()["floors"]["layers"]
    named = {name.strip() for floor in floors for name in floor.split("|")}
    there = {f"rnnviz.{path.parent.name}" for path in (ROOT / "rnnviz").glob("*/__init__.py")}
    assert named == there
