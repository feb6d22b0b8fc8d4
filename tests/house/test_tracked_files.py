"""What the files of the project may say, and how long they may be."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 300

# Split, so that this file itself is clean.
FORBIDDEN = [
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/tm" + "p/",
    "py" + "pi.org",
    "python" + "hosted",
    "registry.npm" + "js",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--find" + "-links",
    "--hash" + "=",
]


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a checkout")
    files = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in files if path.is_file()]


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def test_no_file_names_a_path_of_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked_files()
        for word in FORBIDDEN
        if word in text_of(path)
    ]
    assert found == []


def test_requirements_are_pinned_and_plain() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        for line in path.read_text().splitlines():
            is_plain = line.startswith(("#", "-r ")) or line.count("==") == 1
            assert is_plain, f"{path.name}: {line!r}"


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in (ROOT / "rnnviz").rglob("*.py")
    }
    assert {name: count for name, count in lengths.items() if count > MOST_LINES} == {}


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [path.name for path in (ROOT / "rnnviz").rglob("*.py") if path.stem in drawers] == []
