"""Floor 4: a training run, its checkpoints and its mailbox. No Qt."""

from rnnviz.session.config import InitOptions, ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.files import load_run as load
from rnnviz.session.run import Run, TrainingDiverged

__all__ = [
    "InitOptions",
    "ModelOptions",
    "Run",
    "RunConfig",
    "TrainingDiverged",
    "TrainingOptions",
    "load",
]
