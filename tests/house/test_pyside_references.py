"""PySide6 6.12.0 loses references to None and True on CPython 3.11; the one installed must not."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal

CALLS = 20_000
immortal = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None and True are immortal from Python 3.12 on"
)


class Bell(QObject):
    rang = Signal()


@immortal
def test_calls_that_return_nothing_keep_the_references_to_none() -> None:
    bell = Bell()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        bell.setObjectName("bell")
    assert abs(sys.getrefcount(None) - before) < CALLS // 100


@immortal
def test_signals_keep_the_references_to_true() -> None:
    bell = Bell()
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        bell.rang.emit()
    assert abs(sys.getrefcount(True) - before) < CALLS // 100
