"""What the tests of the commands say to the command line, and what it says to them."""

import json
from collections.abc import Callable

Cli = Callable[..., tuple[int, list[str], list[str]]]


def result(lines: list[str]) -> dict[str, object]:
    """The JSON object on the last line."""
    found = json.loads(lines[-1])
    assert isinstance(found, dict)
    return found
