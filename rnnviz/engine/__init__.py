"""Floor 2, the arithmetic: cells, unrolling, losses and optimisers. NumPy only."""

from rnnviz.engine.batch import Batch
from rnnviz.engine.beam import beam_search
from rnnviz.engine.clipping import clip_by_norm, clip_by_value
from rnnviz.engine.decoding import generate
from rnnviz.engine.feedback import feed_back
from rnnviz.engine.initializers import Init
from rnnviz.engine.network import Network
from rnnviz.engine.optimizer import Optimizer
from rnnviz.engine.optimizers import make_optimizer
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.recorder import TraceRecorder
from rnnviz.engine.schedules import Schedule
from rnnviz.engine.state import State

__all__ = [
    "Batch",
    "Init",
    "Network",
    "Optimizer",
    "Parameters",
    "Schedule",
    "State",
    "TraceRecorder",
    "beam_search",
    "clip_by_norm",
    "clip_by_value",
    "feed_back",
    "generate",
    "make_optimizer",
]
