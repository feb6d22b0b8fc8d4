"""Whether a file is there is asked in a way that cannot fail."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "rnnviz"
RAISES = {"exists", "is_dir", "is_file", "is_symlink"}
"""Methods of a path that raise where a folder may not be entered or a name is too long;
``os.path.exists`` and its kind say no."""

MINDED = {"cli/outputs.py"}
"""Where the error is wanted, and told."""


def test_no_path_is_asked_whether_it_is_there_in_a_way_that_raises() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).as_posix() not in MINDED
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in RAISES
        if ast.unparse(node.value) != "os.path"
    ]
    assert found == []
