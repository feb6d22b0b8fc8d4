"""One version, said in four places."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import rnnviz

ROOT = Path(__file__).parents[2]


def test_the_package_and_its_metadata_name_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == rnnviz.__version__ == version("rnnviz")


def test_the_changelog_knows_the_version() -> None:
    versions = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert versions[0] == rnnviz.__version__
