"""All numbers a network learns: one flat vector, and a named view for each matrix in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.engine.arena import aligned_zeros
from rnnviz.engine.shapes import Shape
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array


class Parameters(Mapping[str, Array]):
    """``params["W_hh_l0"]`` is a view into ``params.flat``: write into either, both change.

    One vector lets an optimiser, a clip or a copy be a handful of operations, whatever the
    architecture. Input matrices that read one-hot tokens are stored column by column: a token
    picks a whole column, which is then contiguous.

    Args:
        flat: the vector itself, as long as all shapes together; zeros if None.
    """

    def __init__(
        self, shapes: Mapping[str, Shape], dtype: DTypeLike, flat: Array | None = None
    ) -> None:
        self.shapes = dict(shapes)
        size = sum(prod(s.sizes) for s in shapes.values())
        self.flat: Array = aligned_zeros(size, dtype) if flat is None else flat
        self._views: dict[str, Array] = {}
        start = 0
        for name, shape in shapes.items():
            stop = start + prod(shape.sizes)
            part = self.flat[start:stop]
            rows = tuple(reversed(shape.sizes)) if shape.by_column else shape.sizes
            view = part.reshape(rows)
            self._views[name] = view.T if shape.by_column else view
            start = stop

    def __getitem__(self, name: str) -> Array:
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)

    def __reduce__(self) -> tuple[type[Parameters], tuple[object, ...]]:
        """Copied in depth and pickled as one vector: copied views would be views of nothing."""
        return type(self), (self.shapes, self.dtype, self.flat)

    def __repr__(self) -> str:
        return f"Parameters({self.flat.size} numbers, {self.flat.dtype})"

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """The type of every number."""
        return self.flat.dtype

    def like(self) -> Parameters:
        """Zeros in the same layout."""
        return Parameters(self.shapes, self.dtype)

    def copy(self) -> Parameters:
        """The same numbers in memory of their own."""
        twin = self.like()
        twin.flat[:] = self.flat
        return twin

    def assign(self, values: Mapping[str, Array]) -> None:
        """Overwrite every parameter.

        Raises:
            UserError: if a name is missing or surplus, a shape is wrong or a number not finite.
        """
        missing = [name for name in self if name not in values]
        surplus = [name for name in values if name not in self]
        if missing or surplus:
            words = [f"{', '.join(missing)} missing"] if missing else []
            words += [f"{', '.join(surplus)} not part of this model"] if surplus else []
            raise UserError(f"the weights do not fit the model: {'; '.join(words)}")
        for name, view in self._views.items():
            value = np.asarray(values[name])
            if value.shape != view.shape:
                raise UserError(
                    f"weight {name} has shape {value.shape}; the model needs {view.shape}"
                )
            if not np.isfinite(value).all():
                raise UserError(f"weight {name} contains numbers that are not finite")
        for name, view in self._views.items():
            view[...] = values[name]
