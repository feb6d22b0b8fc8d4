"""Seconds per training iteration: this engine, PyTorch, a plain NumPy loop, and the floor.

    python benchmarks/engine.py [--workload NAME] [--repeats N] [--json]

The same as ``rnnviz bench``.
"""

import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from rnnviz.cli.main import main  # noqa: E402  # after the threads are limited

if __name__ == "__main__":
    sys.exit(main(["bench", *sys.argv[1:]]))
