"""One BLAS thread by default: more make the small products of a recurrent step slower.

A second thread collapses products of a few hundred rows up to ten times and takes the core
that the window needs. Only NumPy's own BLAS is limited, and only where nobody has said otherwise:
set ``OPENBLAS_NUM_THREADS`` (or ``OMP_NUM_THREADS``) to any number to keep that many.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # neither typing nor collections is worth a millisecond of the start
if TYPE_CHECKING:
    from collections.abc import MutableMapping

_SET_BY_USER = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
_LIMITS = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def limit_blas_threads(environ: MutableMapping[str, str] = os.environ) -> bool:
    """Limit NumPy's BLAS to one thread; say whether that was done.

    BLAS reads the variables once, when NumPy is imported: after that there is nothing to limit.
    """
    if "numpy" in sys.modules or any(name in environ for name in _SET_BY_USER):
        return False
    for name in _LIMITS:
        environ.setdefault(name, "1")
    return True
