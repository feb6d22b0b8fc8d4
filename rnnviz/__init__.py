"""rnnviz: see a recurrent network learn, step by step, forward and backward through time.

The names below are found on first use, so ``import rnnviz`` is quick and needs no Qt.
"""

from rnnviz.ctrl_c import listen_early

listen_early()

from rnnviz.blas_threads import limit_blas_threads  # noqa: E402  # nothing may come before

limit_blas_threads()

__version__ = "0.1.0"

_HOME = {
    "ModelSpec": "rnnviz.trace",
    "Network": "rnnviz.engine",
    "Run": "rnnviz.session",
    "RunConfig": "rnnviz.session",
    "Trace": "rnnviz.trace",
    "UserError": "rnnviz.trace",
    "load": "rnnviz.session",
    "load_trace": "rnnviz.trace",
    "save_trace": "rnnviz.trace",
    "show": "rnnviz.app.show",
}

__all__ = [
    "ModelSpec",
    "Network",
    "Run",
    "RunConfig",
    "Trace",
    "UserError",
    "__version__",
    "load",
    "load_trace",
    "save_trace",
    "show",
]


def __getattr__(name: str) -> object:
    """Find a public name in its home module (PEP 562).

    Raises AttributeError for a name that is not public.
    """
    if name not in _HOME:
        raise AttributeError(f"module 'rnnviz' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
