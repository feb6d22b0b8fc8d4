"""What a window had learned when it was closed without saving: kept as a run file, and said so."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.trace import UserError

if TYPE_CHECKING:
    from rnnviz.app.banner import Banner
    from rnnviz.app.settings import Settings
    from rnnviz.app.training_desk import TrainingDesk

MOST = 5
"""Run files that are kept; the oldest makes room."""


def keep_unsaved(desk: TrainingDesk | None, settings: Settings) -> Path | None:
    """Write what has been learned and is in no file, once the worker of a desk has ended.

    The run is kept as far as it has been, also if the window stood on an earlier iteration. Where
    it cannot be written nothing happens: the window is closed, there is nobody to tell.
    """
    if desk is None or not desk.is_at_rest or not desk.has_unsaved:
        return None
    run, folder = desk.run, settings.runs_folder
    stamp = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    name = re.sub(r"[^\w -]", "_", Path(run.config.task).stem or run.task.name)
    path = folder / f"{name[:60]} {stamp}.rnnviz"
    try:
        if run.data_problem is None:
            run.travel(run.furthest)
        folder.mkdir(parents=True, exist_ok=True)
        run.save(path)
        for old in sorted(folder.glob("*.rnnviz"), key=lambda each: each.stat().st_mtime)[:-MOST]:
            old.unlink()
    except (UserError, OSError):
        return None
    settings.remember(str(path))
    settings.kept_run = str(path)
    return path


def announce_kept(banner: Banner, settings: Settings) -> None:
    """Say once where the run is that the last window left behind."""
    kept = settings.kept_run
    if kept and Path(kept).exists():
        banner.show_note(
            f"What the last window had learned is kept: File, Open recent, “{Path(kept).name}”."
        )
    settings.kept_run = ""
