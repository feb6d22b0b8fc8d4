"""A canvas that Qt and NumPy both draw on: the same pixels as a QImage and as a uint32 array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint32]


class _Bits:
    """The memory of an image as NumPy's array interface; an array made of it keeps the image."""

    def __init__(self, image: QImage) -> None:
        self._image = image
        # bits() detaches once; after that nobody shares the image, so the address stays.
        address = np.frombuffer(image.bits(), np.uint32).__array_interface__["data"][0]
        self.__array_interface__ = {
            "shape": (image.height(), image.width()),
            "typestr": np.dtype(np.uint32).str,
            "data": (address, False),
            "version": 3,
        }


class Frame:
    """An opaque picture of `width` × `height` device pixels.

    `pixels` (height, width) are 0xFFRRGGBB. Qt owns the memory; the array looks into it and
    keeps the image alive for as long as it lives itself.
    """

    def __init__(
        self,
        width: int,
        height: int,
        ratio: float,
        kind: QImage.Format = QImage.Format.Format_RGB32,
    ) -> None:
        self.width, self.height, self.ratio = width, height, ratio
        self.image = QImage(width, height, kind)
        self.image.setDevicePixelRatio(ratio)
        self.pixels: Pixels = np.asarray(_Bits(self.image))


def image_of(pixels: Pixels) -> QImage:
    """A QImage with its own copy of (h, w) pixels 0xAARRGGBB, premultiplied or opaque."""
    height, width = pixels.shape
    image = QImage(width, height, QImage.Format.Format_RGB32)
    np.frombuffer(image.bits(), np.uint32).reshape(height, width)[...] = pixels
    return image
