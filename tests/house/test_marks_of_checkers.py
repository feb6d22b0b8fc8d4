"""Where a line is excused from a check, it says why."""

import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("rnnviz", "tests", "benchmarks", "scripts", "examples")
MARK = re.compile(r"#\s*(noqa|type:\s*ignore)\b")
EXPLAINED = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\s+(#\s*\w|\(\w)")


def bare_marks(path: Path) -> list[str]:
    """The lines on which a checker is told to look away without a word why."""
    with tokenize.open(path) as file:
        comments = [
            token
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.COMMENT and MARK.match(token.string)
        ]
    return [
        f"{path.name}:{comment.start[0]}: {comment.string}"
        for comment in comments
        if not EXPLAINED.match(comment.string)
    ]


@pytest.mark.parametrize("place", PLACES)
def test_every_mark_names_its_rule_and_its_reason(place: str) -> None:
    found = [line for path in sorted((ROOT / place).rglob("*.py")) for line in bare_marks(path)]
    assert found == []
