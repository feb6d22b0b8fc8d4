"""Floor 1, the vocabulary: frozen records of a pass, NumPy and the standard library only."""

from rnnviz.trace.errors import UserError
from rnnviz.trace.files import load_trace, save_trace
from rnnviz.trace.record import Labels, Part, Trace, Update
from rnnviz.trace.spec import GATES, ModelSpec

__all__ = [
    "GATES",
    "Labels",
    "ModelSpec",
    "Part",
    "Trace",
    "Update",
    "UserError",
    "load_trace",
    "save_trace",
]
