"""Ctrl-C, a kill or a closed terminal at any moment: one line, exit code 130, 143 or 129, and no
traceback.

Imported before everything else, so it imports next to nothing: what is pressed while Python
itself starts, before the first line of the program, is still answered by Python.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]  # signal itself imports enum: slow
import os
import sys

TYPE_CHECKING = False  # typing, collections and types would double the time until it is heard
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ENDING: tuple[int, ...] = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that ask a program to end; the last is unknown to Windows."""

_heard: int = signal.SIGINT
_MESSAGE = b"rnnviz: error: interrupted\n"
_IMPORTING = "<frozen importlib._bootstrap>"


def listen(handler: Callable[[int, FrameType | None], None]) -> None:
    """Have ``handler`` called when the program is asked to end, by each of the signals that this
    process was not started to ignore (as ``nohup`` has it)."""
    for number in ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def hear(number: int) -> None:
    """Remember which signal asked, for the exit code."""
    global _heard
    _heard = number


def exit_code() -> int:
    """What a shell expects of a program that was asked to end: 130 after Ctrl-C, 143 after a kill,
    129 when the terminal was closed."""
    return 128 + _heard


def listen_early() -> None:
    """Listen from the first line of the package on where it is the program that is started:
    ``python -m rnnviz`` or the console script; whoever imports it in a script has his own Ctrl-C.
    """
    name = (getattr(sys, "argv", None) or [""])[0]
    if name == "-m" or os.path.basename(name) in ("rnnviz", "rnnviz.exe"):
        listen(leave_at_once)


def leave_at_once(number: int, frame: FrameType | None) -> None:
    """The signal handler while there is nothing to lose yet: the process ends here and now.

    An exception would not do. While modules are imported it can be lost in a callback, or be
    turned into an `ImportError` by a C extension that was caught half way.
    """
    _tell(2, _MESSAGE)
    if "--json" in getattr(sys, "argv", ()):  # whoever reads it is owed an object: see cli.main
        _tell(1, b'{"error": "interrupted", "exit_code": %d}\n' % (128 + number))
    os._exit(128 + number)


def _tell(stream: int, line: bytes) -> None:
    try:  # noqa: SIM105  # contextlib is not imported yet
        os.write(stream, line)
    except OSError:
        pass  # nobody is there to be told


def interrupt(number: int, frame: FrameType | None) -> None:
    """The signal handler while a command works.

    Raises:
        KeyboardInterrupt: so that files are closed and half-written ones removed; while a module
            is imported, for which there is nothing to tidy, the process ends at once instead.
    """
    caller = frame
    while caller is not None:
        if caller.f_code.co_filename == _IMPORTING:
            leave_at_once(number, frame)
        caller = caller.f_back
    hear(number)
    raise KeyboardInterrupt


def finish(code: int) -> None:
    """Leave with ``code``, whatever is pressed while the interpreter tidies up.

    Raises:
        SystemExit: always.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)
