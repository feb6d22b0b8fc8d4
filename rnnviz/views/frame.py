"""A canvas that Qt and NumPy both draw on: the same pixels as a QImage and as a uint32 array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint32]


class Frame:
    """An opaque picture of `width` × `height` device pixels.

    `pixels` (height, width) are 0xFFRRGGBB. Qt owns the memory; the array looks into it, so it
    must not outlive the frame: keep the frame, hand out copies.
    """

    def __init__(self, width: int, height: int, ratio: float) -> None:
        self.width, self.height, self.ratio = width, height, ratio
        self.image = QImage(width, height, QImage.Format.Format_RGB32)
        # bits() detaches once; after that nobody shares the image, so the address stays.
        self.pixels: Pixels = np.frombuffer(self.image.bits(), np.uint32).reshape(height, width)
        self.image.setDevicePixelRatio(ratio)


def image_of(pixels: Pixels) -> QImage:
    """A QImage with its own copy of (h, w) pixels 0xAARRGGBB, premultiplied or opaque."""
    height, width = pixels.shape
    image = QImage(width, height, QImage.Format.Format_RGB32)
    np.frombuffer(image.bits(), np.uint32).reshape(height, width)[...] = pixels
    return image
