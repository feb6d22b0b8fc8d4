from pathlib import Path

import pytest

from rnnviz.cli.main import main
from tests.cli.command_line import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command line in an empty folder: exit code, lines of stdout, lines of stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: str) -> tuple[int, list[str], list[str]]:
        code = main(argv)
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err.splitlines()

    return run


@pytest.fixture
def run_file(cli: Cli) -> str:
    """A trained hello."""
    assert cli("train", "hello", "--seed", "0", "--out", "run.rnnviz")[0] == 0
    return "run.rnnviz"
