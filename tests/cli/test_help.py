"""Every help reads well, wherever it is asked for."""

import pytest

import rnnviz
from rnnviz.cli.main import COMMANDS
from tests.cli.command_line import Cli


def test_help_and_version_read_well(cli: Cli) -> None:
    code, out, _ = cli("--help")
    assert code == 0
    assert all(any(line.startswith(f"  {name}") for line in out) for name in COMMANDS)
    assert max(map(len, out)) <= 100
    assert cli("--version") == (0, [f"rnnviz {rnnviz.__version__}"], [])
    code, out, _ = cli("--info")
    assert any(line.startswith("numpy ") for line in out)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_and_json(cli: Cli, command: str) -> None:
    code, out, err = cli(command, "--help")
    assert (code, err) == (0, [])
    assert any("--json" in line for line in out)
    assert any("example" in line for line in out)
    assert all(len(line) <= 100 for line in out)
    assert out.index("") <= 4  # the usage is short, however many options there are


@pytest.mark.parametrize("word", ["-h", "--help", "help"])
def test_help_may_stand_before_the_command_too(cli: Cli, word: str) -> None:
    assert cli(word, "train") == cli("train", "--help")
    code, _, err = cli(word, "trian")
    assert code == 2
    assert "did you mean train?" in err[0]
