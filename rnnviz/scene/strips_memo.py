"""What the strips of one trace have computed already, so that a cursor move computes nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from rnnviz.trace import Trace

T = TypeVar("T")

_LASTING = 32
"""Results kept that do not depend on the trace: a few pictures' frames."""


class StripsMemo:
    """Results by key for the trace shown last, the least recently used forgotten first.

    Owned by whoever asks for pictures again and again (a view); a picture made without one is
    the same picture, computed afresh.
    """

    def __init__(self, capacity: int = 96) -> None:
        self._capacity = capacity
        self._trace: Trace | None = None
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._lasting: OrderedDict[Hashable, Any] = OrderedDict()

    def show(self, trace: Trace) -> None:
        """Forget everything if it belonged to another trace."""
        if trace is not self._trace:
            self._trace = trace
            self._known.clear()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result known under the key, made now if it is not."""
        return _found(self._known, key, make, self._capacity)

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """The same for results that outlive a trace: the key says all they depend on."""
        return _found(self._lasting, key, make, _LASTING)


def _found(
    known: OrderedDict[Hashable, Any], key: Hashable, make: Callable[[], T], capacity: int
) -> T:
    if key in known:
        known.move_to_end(key)
        found: T = known[key]
        return found
    value = make()
    known[key] = value
    if len(known) > capacity:
        known.popitem(last=False)
    return value
