"""``rnnviz --info``: versions of everything that matters in a bug report."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata

import rnnviz

_PACKAGES = (
    "numpy", "PySide6-Essentials", "pyqtgraph", "msgspec", "safetensors", "ziamath", "Pillow",
    "av", "scikit-learn", "torch",
)  # fmt: skip


def info_lines() -> list[str]:
    """One line a fact."""
    lines = [
        f"rnnviz {rnnviz.__version__}",
        f"Python {platform.python_version()} ({platform.python_implementation()})",
        f"system {platform.platform()}, {os.cpu_count()} processors",
        # Python has no standard output where it was closed before the program started.
        f"encoding {getattr(sys.stdout, 'encoding', None)}, display {_display()}",
    ]
    for package in _PACKAGES:
        try:
            lines.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{package} not installed")
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "as the library decides")
    lines.append(f"BLAS threads {threads}")
    return lines


def _display() -> str:
    platform_name = os.environ.get("QT_QPA_PLATFORM")
    if platform_name:
        return f"QT_QPA_PLATFORM={platform_name}"
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "none named"
