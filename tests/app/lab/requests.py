"""Requests for figures, made from small runs without a window."""

from __future__ import annotations

from typing import Any

from rnnviz.analysis import (
    layer_named,
)
from rnnviz.app.lab.request import Request
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run


def go(done: int, total: int) -> bool:
    return True


def run_of(**model: Any) -> Run:
    run = Run.create(RunConfig(task="hello", model=ModelOptions(**model), seed=2))
    run.train(3)
    return run


def request_of(run: Run, **options: Any) -> Request:
    trace = run.traced_step()
    layer = str(layer_named(trace))
    return Request(trace, layer, 0, options, run.config, run.history)
