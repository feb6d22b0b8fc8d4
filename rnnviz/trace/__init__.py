"""Floor 1, the vocabulary: frozen records of a pass, NumPy and the standard library only.

The names are found on first use: who only reports a `UserError` waits for no NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnviz.trace.errors import UserError
    from rnnviz.trace.files import load_trace, save_trace
    from rnnviz.trace.record import Labels, Part, Place, Trace, Update
    from rnnviz.trace.spec import GATES, ModelSpec

_HOME = {
    "GATES": "spec",
    "Labels": "record",
    "ModelSpec": "spec",
    "Part": "record",
    "Place": "record",
    "Trace": "record",
    "Update": "record",
    "UserError": "errors",
    "load_trace": "files",
    "save_trace": "files",
}

__all__ = [
    "GATES",
    "Labels",
    "ModelSpec",
    "Part",
    "Place",
    "Trace",
    "Update",
    "UserError",
    "load_trace",
    "save_trace",
]


def __getattr__(name: str) -> object:
    """Find a public name in its module (PEP 562).

    Raises AttributeError for a name that is not public.
    """
    if name not in _HOME:
        raise AttributeError(f"module 'rnnviz.trace' has no attribute {name!r}")
    value: object = getattr(import_module(f"rnnviz.trace.{_HOME[name]}"), name)
    globals()[name] = value
    return value
