"""What was computed from a trace for its picture, kept while the trace is on the stage."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

import numpy as np

from rnnviz.trace import Trace

A = TypeVarTuple("A")
T = TypeVar("T")

_KEPT_TRACES = 2
"""The one on the stage and the one before: a trace can be large, so old ones must go."""

_known: OrderedDict[int, tuple[Trace, dict[Any, Any]]] = OrderedDict()


def of_trace(make: Callable[[Trace, *A], T]) -> Callable[[Trace, *A], T]:
    """Remember a function's results by its other, hashable arguments."""

    def remembered(trace: Trace, *args: *A) -> T:
        kept = _known.get(id(trace))
        if kept is None:
            kept = _known[id(trace)] = (trace, {})
            while len(_known) > _KEPT_TRACES:
                _known.popitem(last=False)
        key = (make, args)
        results = kept[1]
        if key not in results:
            # Of a pass that has diverged the result is no number, which is what is drawn.
            with np.errstate(invalid="ignore", over="ignore"):
                results[key] = make(trace, *args)
        found: T = results[key]
        return found

    return remembered
