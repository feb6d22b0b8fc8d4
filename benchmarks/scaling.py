"""How time and memory grow with T and B: figures and ``docs/pictures/cost.svg``.

python benchmarks/scaling.py [FILE.svg]
"""

import argparse
import os
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from rnnviz.cli.bench import scaling  # noqa: E402  # after the threads are limited

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How time and memory grow with T and B.")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.svg", help="draw them here")
    file: Path | None = parser.parse_args().file
    points = scaling.measure()
    for point in (*points, *scaling.measure(lengths=(100,), batches=(2, 4, 8, 16, 32, 64, 128))):
        each = 1e6 * point.seconds / (point.steps * point.batch)
        print(
            f"{point.cell:5}T = {point.steps:6,}, B = {point.batch:3}: "
            f"{1e3 * point.seconds:9.3f} ms, {each:6.2f} µs a step and sequence, "
            f"{point.bytes / 1e6:7.2f} MB"
        )
    if file is not None:
        file.write_text(scaling.draw(points), encoding="utf-8")
