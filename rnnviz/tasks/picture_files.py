"""Reading picture files with Pillow, bounded, all of one size."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.packages import is_installed
from rnnviz.tasks.textfile import check_readable
from rnnviz.trace import UserError

SHOWN = 96
"""Pixels along the side of the pictures that are kept."""

LIMIT_PICTURES = 20_000
LIMIT_BYTES = 20_000_000
LIMIT_PIXELS = 25_000_000
_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


def is_picture(path: Path) -> bool:
    """Whether the name is that of a picture file that is there."""
    return path.suffix.lower() in _SUFFIXES and os.path.isfile(path)


def read_pictures(paths: Sequence[Path]) -> NDArray[np.uint8]:
    """The middle squares, (n, SHOWN, SHOWN, 3).

    Raises:
        UserError: if Pillow is missing, there are too many pictures, one is too large or broken,
            or their sizes differ.
    """
    if not is_installed("PIL"):
        raise UserError("pictures need Pillow: install it with  pip install 'rnnviz[data]'")
    if len(paths) > LIMIT_PICTURES:
        raise UserError(f"{len(paths):,} pictures are too many; use at most {LIMIT_PICTURES:,}")
    pictures = np.empty((len(paths), SHOWN, SHOWN, 3), np.uint8)
    first: tuple[int, int] | None = None
    for row, path in enumerate(paths):
        pixels = _read(path)
        size = (pixels.shape[1], pixels.shape[0])
        first = first or size
        if size != first:
            raise UserError(
                f"{path} has {size[0]} × {size[1]} pixels, the first picture {first[0]} × "
                f"{first[1]}: scale all pictures to one size"
            )
        pictures[row] = canvas.resize(pixels, SHOWN)
    return pictures


def _read(path: Path) -> NDArray[np.uint8]:
    from PIL import Image  # only this kind of data needs it

    check_readable(path, LIMIT_BYTES, "picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                if image.width * image.height > LIMIT_PIXELS:
                    raise UserError(
                        f"{path} has {image.width} × {image.height} pixels; {LIMIT_PIXELS:,} in "
                        "all are the limit"
                    )
                return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(
            f"{path} cannot be read as a picture ({error}); save it as PNG or JPEG"
        ) from None
