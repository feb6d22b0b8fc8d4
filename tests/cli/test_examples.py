import subprocess
import sys
from pathlib import Path

import pytest

from rnnviz.cli.main import main
from rnnviz.trace.files import load_trace

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_runs_as_it_is(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_a_model_is_trained_traced_and_saved_in_under_ten_lines(tmp_path: Path) -> None:
    script = EXAMPLES / "hello.py"
    code = script.read_text().split('"""')[2].split("\n")
    assert len([line for line in code if line.strip()]) < 10
    subprocess.run([sys.executable, str(script)], cwd=tmp_path, check=True, capture_output=True)
    trace = load_trace(tmp_path / "hello.npz")
    assert trace.iteration == 300
    assert trace["h_l0"].shape == (4, 1, 3)


def test_the_example_configuration_trains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run.rnnviz"
    assert main(["train", "--config", str(EXAMPLES / "run.toml"), "--out", str(out)]) == 0
    assert "200 iterations" in capsys.readouterr().out
    assert out.exists()
