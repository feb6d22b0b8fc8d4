"""The window saved as a picture without being seen."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtWidgets import QApplication

from rnnviz.app.render_window import render_window
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace, UserError


def test_a_run_that_has_no_pass_to_show_says_why_and_nobody_waits(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.create(RunConfig(task="hello", seed=3)).train(2)

    def fail(*_: object) -> Trace:
        raise UserError("its numbers are lost")

    monkeypatch.setattr(run, "last_pass", fail)
    begun = monotonic()
    with pytest.raises(UserError, match="its numbers are lost"):
        render_window(run, tmp_path / "window.png")
    assert monotonic() - begun < 30.0
    assert not (tmp_path / "window.png").exists()
