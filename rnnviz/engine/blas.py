"""Which library does NumPy's products, and with which of its kernels."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


@cache
def library() -> Any:
    """NumPy's own OpenBLAS, or None where NumPy was built with another."""
    for folder in ("numpy.libs", "numpy/.dylibs"):
        for path in sorted((Path(np.__file__).parents[1] / folder).glob("*openblas*")):
            try:
                return ctypes.CDLL(str(path))
            except OSError:
                continue
    return None


@cache
def kernel() -> str | None:
    """The kernel that OpenBLAS has chosen for this processor; None where it cannot be asked."""
    loaded = library()
    if not hasattr(loaded, "scipy_openblas_get_corename64_"):
        return None
    name = loaded.scipy_openblas_get_corename64_
    name.restype = ctypes.c_char_p
    found: str = name().decode()
    return found
