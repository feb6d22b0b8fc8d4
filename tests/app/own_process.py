"""A window in a process of its own, as a user has it."""

import os
import subprocess
import sys
from pathlib import Path


def ends_well(script: str, settings: Path) -> None:
    """Run a script that opens a window and closes it, with settings in a folder of its own."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "XDG_CONFIG_HOME": str(settings)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
