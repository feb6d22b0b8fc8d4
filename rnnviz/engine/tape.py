"""What a recorded pass leaves: buffers and weights of its own, lent to whoever looks at them."""

from __future__ import annotations

from threading import Lock
from typing import Any
from weakref import ref

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.passes import Pass, Passes
from rnnviz.trace.arrays import Array, Later, Tape
from rnnviz.trace.spec import ModelSpec


class _Lease:
    """Lives as long as any array that was lent with it; keeps what they show."""

    __slots__ = ("__weakref__", "_held")

    def __init__(self, held: object) -> None:
        self._held = held


class _Lent:
    """An array as NumPy's array interface describes it: views of it keep this object, and with
    it the lease. A view of the array itself would keep nothing but the memory."""

    __slots__ = ("__array_interface__", "_array", "_lease")

    def __init__(self, array: Array, lease: _Lease) -> None:
        self._array, self._lease = array, lease
        interface: dict[str, Any] = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], True)  # read-only
        self.__array_interface__ = interface


class RecordedPass:
    """One pass with the weights that made it and the gradients that it made.

    Attributes:
        run: the buffers of the pass, None before the first.
        backward: whether it went back, too.
        cuts: where it began in the middle of a sequence or cut the gradient.
        making: held while something is computed from the pass, which has one scratch memory
            for whoever asks.
    """

    def __init__(self, spec: ModelSpec, params: Parameters) -> None:
        self.params = params.like()
        self.grads = params.like()
        self.passes = Passes(spec, self.params, self.grads, recorded=True)
        self.run: Pass | None = None
        self.batch: Batch | None = None
        self.backward = False
        self.cuts: list[int] = []
        self.making = Lock()
        self._lease: ref[_Lease] | None = None

    @property
    def is_lent(self) -> bool:
        """Whether somebody may still look at it."""
        return self._lease is not None and self._lease() is not None

    def lend(self, arrays: Tape) -> Tape:
        """The same arrays, none of them a copy; while one of them lives, this is lent.

        What is still to be made of the pass must not outlive them.
        """
        lease = None if self._lease is None else self._lease()
        if lease is None:
            lease = _Lease(self)
            self._lease = ref(lease)
        return {name: _lent(value, lease) for name, value in arrays.items()}


def _lent(value: Array | Later, lease: _Lease) -> Array | Later:
    if isinstance(value, Later):
        return value
    # Numbers that count something are few, and cost less to copy than to lend.
    return np.array(value) if value.dtype.kind in "iu" else np.asarray(_Lent(value, lease))
