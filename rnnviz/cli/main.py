"""One command line: open, train, trace, render, sample, …"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, cast

import rnnviz
from rnnviz.cli.parser import HelpWanted, Parser
from rnnviz.cli.remarks import remark
from rnnviz.cli.streams import can_take, let_go, take_any_character
from rnnviz.ctrl_c import exit_code
from rnnviz.trace.errors import UserError
from rnnviz.trace.suggestion import did_you_mean

if TYPE_CHECKING:
    import argparse

    from rnnviz.cli.report import Report

COMMANDS: dict[str, tuple[str, str]] = {
    "open": ("rnnviz.cli.open", "open the window on a task, a text, a run or a trace"),
    "train": ("rnnviz.cli.train", "train a task, a text file or a run, without a window"),
    "trace": ("rnnviz.cli.trace", "write every number of one pass, forward and backward, to .npz"),
    "render": ("rnnviz.cli.render", "draw the window or a view, or play a pass, into a file"),
    "analyze": ("rnnviz.cli.analyze", "Jacobians, contributions, memory, … as numbers"),
    "sample": ("rnnviz.cli.sample", "let a model write on its own"),
    "evaluate": ("rnnviz.cli.evaluate", "score a run on held-out data"),
    "tasks": ("rnnviz.cli.tasks", "list what can be learned, with source and licence"),
    "import": ("rnnviz.cli.import_weights", "turn PyTorch weights (.safetensors) into a run"),
    "export": ("rnnviz.cli.export_weights", "write a run's weights under PyTorch's names"),
    "bench": ("rnnviz.cli.bench", "measure the engine, beside PyTorch where it is installed"),
}

LONGEST_WORD = 300
"""Characters of a word in a complaint: an absurd value is told by its beginning and its end."""

_HELP = ("-h", "--help", "help")
"""Before a command as good as after it."""


class Command(Protocol):
    """What the module of a sub-command offers."""

    EPILOG: str

    def add_arguments(self, parser: Parser) -> None:
        """Declare the options."""

    def run(self, args: argparse.Namespace) -> Report:
        """Do it. Raises UserError for anything the user can put right."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code (0, 1 failed, 2 bad input, 130 Ctrl-C, …)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    take_any_character()
    try:
        return _run(arguments)
    except UserError as error:
        return _fail(str(error), 2, arguments)
    except KeyboardInterrupt:
        return _fail("interrupted", exit_code(), arguments)
    except BrokenPipeError:
        # Whoever read our output has gone.
        let_go(1)
        return 128 + getattr(signal, "SIGPIPE", 13)
    except _Unprintable as error:
        _complain(f"cannot print the result: {error}")
        let_go(1)
        return 1
    except MemoryError:
        message = "not enough memory: use a smaller model, batch or window"
        return _fail(message, 2, arguments)
    except ModuleNotFoundError as missing:
        package = (missing.name or "rnnviz").partition(".")[0]
        if package == "rnnviz":
            raise
        return _fail(
            f"the package {package} is not installed for {sys.executable}: "
            "start a checkout with `make run`, or install rnnviz with pip",
            2,
            arguments,
        )


def _fail(message: str, code: int, arguments: Sequence[str]) -> int:
    """Say it on stderr and, to a program that reads JSON, on stdout; returns ``code``."""
    message = " ".join(map(_shortened, message.split()))
    _complain(message)
    if "--json" in arguments:
        from rnnviz.cli.report import Report

        try:
            _print_json(Report({"error": message, "exit_code": code}))
        except (OSError, _Unprintable):
            let_go(1)
    return code


def _shortened(word: str) -> str:
    """A word of a complaint without its middle where it is longer than any that can be read."""
    return word if len(word) <= LONGEST_WORD else f"{word[: LONGEST_WORD // 2]}…{word[-50:]}"


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in _HELP:
        about = next((word for word in arguments[1:] if not word.startswith("-")), "")
        if not about:
            _print([_overview()])
            return 0
        if about not in COMMANDS:
            hint = did_you_mean(about, COMMANDS)
            raise UserError(f"there is no command {about!r} to explain{hint} (see rnnviz --help)")
        first, arguments = about, [about, "--help"]
    if first == "--version":
        _print([f"rnnviz {rnnviz.__version__}"])
        return 0
    if first == "--info":
        from rnnviz.cli.info import info_lines

        _print(info_lines())
        return 0
    if first not in COMMANDS:
        _check_spelling(first, arguments[1:])
        first, arguments = "open", ["open", *arguments]
        if len(arguments) <= 2 and not arguments[-1].startswith("-"):
            quick = _open_quickly(arguments[1:])
            if quick is not None:
                return quick
    module, summary = COMMANDS[first]
    command = cast(Command, importlib.import_module(module))
    parser = Parser(f"rnnviz {first}", summary[0].upper() + summary[1:] + ".", command.EPILOG)
    command.add_arguments(parser)
    parser.add_argument(
        "--json", action="store_true", help="print the result as one JSON object on the last line"
    )
    try:
        args = parser.parse_args(arguments[1:])
    except HelpWanted as wanted:
        _print([str(wanted)])
        return 0
    report = command.run(args)
    if args.json:
        _print_json(report)
    else:
        _print(report.lines)
    return report.exit_code


def _check_spelling(word: str, rest: list[str]) -> None:
    """Whether ``word`` can be a source to open, with ``rest`` after it.

    Raises:
        UserError: if it is rather a command, with a slip in it or one that there is not.
    """
    if word.startswith("-"):
        late = next((each for each in rest if each in COMMANDS and not os.path.exists(each)), "")
        if late:
            raise UserError(f"the command comes first: rnnviz {late} …, and {word} after it")
    if word.isalpha() and not os.path.exists(word):
        hint = did_you_mean(word, COMMANDS, likeness=0.8)
        if hint:
            raise UserError(f"there is no command {word!r}{hint}")
        if rest and not rest[0].startswith("-") and not _is_task(word):
            # Only one thing is opened: the first of two words is meant as a command.
            known = ", ".join(COMMANDS)
            raise UserError(f"there is no command {word!r}; the commands are: {known}")


def _is_task(word: str) -> bool:
    from rnnviz.tasks.registry import ENTRIES

    return any(entry.info.name == word for entry in ENTRIES)


def _open_quickly(sources: list[str]) -> int | None:
    """The window without parsing options, or None where there is no display."""
    from rnnviz.cli.open import can_show, open_plainly

    if not can_show():
        return None
    return open_plainly(sources[0] if sources else None).exit_code


def _overview() -> str:
    width = max(map(len, COMMANDS)) + 2
    commands = "\n".join(f"  {name:{width}}{summary}" for name, (_, summary) in COMMANDS.items())
    return f"""\
usage: rnnviz [TASK | FILE]
       rnnviz COMMAND …

See a recurrent network learn, step by step, forward and backward through time.
Without a command the window opens, on "hello" or on the task, text, run or
trace named.

commands:
{commands}

  rnnviz COMMAND --help   the options of a command; every command knows --json
  rnnviz --version        the version
  rnnviz --info           versions of everything that matters in a bug report

examples:
  rnnviz                                           watch a network learn "hello"
  rnnviz book.txt                                  the same with your own text
  rnnviz train hello --seed 0 --out run.rnnviz     train without a window
  rnnviz trace run.rnnviz -o trace.npz             every number of one pass
  rnnviz render hello --view graph -o graph.svg    a figure for a slide"""


class _Unprintable(Exception):
    """Standard output takes nothing more; the message says why."""


def _print(lines: Iterable[str]) -> None:
    """Lines on standard output, if there is one.

    Raises:
        BrokenPipeError: if the reader has gone.
        _Unprintable: if it cannot take them, for example because a disk is full.
    """
    try:
        for line in lines:
            print(line)
        print(end="", flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _Unprintable(error.strerror or str(error)) from None


def _print_json(report: Report) -> None:
    text = report.to_json()
    _print([text if can_take(text, sys.stdout) else report.to_json(ascii_only=True)])


def _complain(message: str) -> None:
    remark(f"rnnviz: error: {message}")
