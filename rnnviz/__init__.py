"""rnnviz: see a recurrent network learn, step by step, forward and backward through time."""

__version__ = "0.1.0"
