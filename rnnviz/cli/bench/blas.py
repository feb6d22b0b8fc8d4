"""Which BLAS does the products, with which kernel, on how many threads."""

from __future__ import annotations

import ctypes
import platform
from pathlib import Path
from typing import Any

import numpy as np


def library() -> Any:
    """NumPy's own OpenBLAS, or None where NumPy was built with another."""
    for folder in ("numpy.libs", "numpy/.dylibs"):
        for path in sorted((Path(np.__file__).parents[1] / folder).glob("*openblas*")):
            try:
                return ctypes.CDLL(str(path))
            except OSError:
                continue
    return None


def one_thread() -> None:
    """Limit NumPy's BLAS to one thread, also when it is loaded already."""
    setter = getattr(library(), "scipy_openblas_set_num_threads64_", None)
    if setter is not None:
        setter(1)


def describe() -> dict[str, str | int | None]:
    """``blas``, its ``kernel`` and ``threads`` (None: unknown), ``numpy``, ``processor``."""
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    kernel: str | None = None
    threads: int | None = None
    loaded = library()
    if hasattr(loaded, "scipy_openblas_get_corename64_"):
        name = loaded.scipy_openblas_get_corename64_
        name.restype = ctypes.c_char_p
        kernel = name().decode()
        threads = int(loaded.scipy_openblas_get_num_threads64_())
    return {
        "blas": f"{found.get('name', '?')} {found.get('version', '')}".strip(),
        "kernel": kernel,
        "threads": threads,
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
