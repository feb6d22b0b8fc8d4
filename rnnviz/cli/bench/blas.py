"""Which BLAS does the products, with which kernel, on how many threads."""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np

from rnnviz.engine.blas import kernel, library


def one_thread() -> None:
    """Limit NumPy's BLAS to one thread, also when it is loaded already."""
    setter = getattr(library(), "scipy_openblas_set_num_threads64_", None)
    if setter is not None:
        setter(1)


def describe() -> dict[str, str | int | None]:
    """``blas``, its ``kernel`` and ``threads`` (None: unknown), ``numpy``, ``processor``."""
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    threads = getattr(library(), "scipy_openblas_get_num_threads64_", None)
    return {
        "blas": f"{found.get('name', '?')} {found.get('version', '')}".strip(),
        "kernel": kernel(),
        "threads": None if threads is None else int(threads()),
        "numpy": np.__version__,
        "processor": _processor(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
