"""rnnviz: see a recurrent network learn, step by step, forward and backward through time.

The names below are found on first use, so ``import rnnviz`` is quick and needs no Qt.
"""

from importlib import import_module
from typing import Any

from rnnviz.blas_threads import limit_blas_threads

limit_blas_threads()

__version__ = "0.1.0"

_HOME = {
    "ModelSpec": "rnnviz.trace",
    "Network": "rnnviz.engine",
    "Run": "rnnviz.session",
    "RunConfig": "rnnviz.session",
    "Trace": "rnnviz.trace",
    "load": "rnnviz.session",
    "show": "rnnviz.app.show",
}

__all__ = ["ModelSpec", "Network", "Run", "RunConfig", "Trace", "__version__", "load", "show"]


def __getattr__(name: str) -> Any:
    """Find a public name in its home module (PEP 562).

    Raises AttributeError for a name that is not public.
    """
    if name not in _HOME:
        raise AttributeError(f"module 'rnnviz' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
