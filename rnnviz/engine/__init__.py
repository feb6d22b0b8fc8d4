"""Floor 2, the arithmetic: cells, unrolling, losses and optimisers. NumPy only."""

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.state import State

__all__ = ["Batch", "Network", "Parameters", "State"]
