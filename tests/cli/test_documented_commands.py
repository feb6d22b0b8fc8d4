"""Every command that the README, the documents and the help show does what it is shown for."""

import importlib
import json
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from rnnviz.cli.main import COMMANDS, main

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/cli.md", "docs/python.md", "docs/trace.md", "docs/analysis.md")
QUICKER = (
    (r"--iterations \d+", "--iterations 3"),
    (r"--hidden-size \d+", "--hidden-size 4"),
    (r"\.(gif|mp4|webp)\b(?!.*--size)", r".\1 --size 240x160"),
    (r"--size \d+x\d+", "--size 320x200"),
    (r"--fps \d+", "--fps 4"),
    (r"(-o \S+\.(gif|mp4|webp)\b)", r"\1 --speed 40"),
    (r"…", "hello"),
)
"""What makes a shown command quick, and its places for the reader's own text filled."""
LONG = ("bench",)


def shown() -> list[str]:
    """The lines ``rnnviz COMMAND …`` in code blocks and in examples of the help."""
    texts = [(ROOT / name).read_text() for name in DOCUMENTS]
    blocks = [block for text in texts for block in re.findall(r"```\n(.*?)```", text, re.DOTALL)]
    blocks += [importlib.import_module(module).EPILOG for module, _ in COMMANDS.values()]
    whole = [re.sub(r"\s*\\\n\s*", " ", block) for block in blocks]
    lines = [line.strip() for block in whole for line in block.splitlines()]
    names = "|".join(name for name in COMMANDS if name not in ("open", *LONG))
    found = [line for line in lines if re.match(rf"rnnviz ({names})( |$)", line)]
    # What follows several spaces, or a sharp, is said about the command.
    return list(dict.fromkeys(re.split(r"\s{2,}|\s#", line)[0] for line in found))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the commands speak of."""
    folder = tmp_path_factory.mktemp("documented")
    (folder / "book.txt").write_text("hello there, how do you do? I do well, thank you. " * 40)
    (shown_file,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/cli.md").read_text(), re.DOTALL)
    (folder / "run.toml").write_text(shown_file)
    (folder / "vocab.json").write_text(json.dumps(dict(zip("helo", range(4), strict=True))))
    np.save(folder / "x.npy", np.arange(10).reshape(5, 2) % 4)
    hello, run = str(folder / "hello.rnnviz"), str(folder / "run.rnnviz")
    deep = ["--layers", "2", "--hidden-size", "24"]
    assert main(["train", "hello", "--iterations", "3", "--out", hello]) == 0
    assert main(["train", str(folder / "book.txt"), *deep, "--iterations", "9", "-o", run]) == 0
    assert main(["trace", run, "-o", str(folder / "trace.npz")]) == 0
    for name in ("model", "weights"):
        assert main(["export", hello, "-o", str(folder / f"{name}.safetensors")]) == 0
    return folder


@pytest.mark.parametrize("line", shown())
def test_a_shown_command_works(
    line: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    things = tmp_path / "things"
    shutil.copytree(made, things)
    monkeypatch.chdir(things)
    for pattern, quick in QUICKER:
        line = re.sub(pattern, quick, line)
    argv = shlex.split(line)[1:]
    if argv[0] == "train" and "--iterations" not in argv:
        argv += ["--iterations", "3"]
    assert main(argv) == 0, capsys.readouterr().err
    written = [argv[at + 1] for at, word in enumerate(argv) if word in ("-o", "--out")]
    assert all((things / name).stat().st_size for name in written)
    assert capsys.readouterr().out.strip()


def test_enough_is_shown_to_be_worth_trying() -> None:
    tried = {line.split()[1] for line in shown()}
    assert tried >= {"train", "trace", "render", "sample", "analyze", "evaluate", "tasks"}
