"""An argument parser whose complaints are one plain sentence."""

from __future__ import annotations

import argparse
import re
import textwrap
from typing import NoReturn

from rnnviz.trace.errors import UserError
from rnnviz.trace.suggestion import did_you_mean

FEW = 12
"""Up to so many options the usage names every one."""


_UNKNOWN = "unrecognized arguments:"
"""How argparse begins to name what it does not know."""


_NOT_A_NUMBER = re.compile(r"argument (\S+): invalid (int|float) value: (.*)", re.DOTALL)
"""How argparse says that a value is no number."""


_NEGATIVE = re.compile(r"-(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$", re.IGNORECASE)
"""What begins like an option and is a number: argparse knows -0.01 as one, but not -1e-2."""


def _in_plain_words(found: re.Match[str]) -> str:
    option, kind, value = found.groups()
    return f"{option} is {value}: use a {'whole ' if kind == 'int' else ''}number"


class HelpWanted(Exception):
    """Somebody asks for the help; the message is its text."""


class _Formatter(argparse.HelpFormatter):
    """Prose is wrapped to the terminal; examples, which are indented, stay as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks = (
            block if re.search(r"^ ", block, re.MULTILINE) else textwrap.fill(block, width)
            for block in text.split("\n\n")
        )
        return textwrap.indent("\n\n".join(blocks), indent)


class Parser(argparse.ArgumentParser):
    """Raises `UserError` where argparse would print its usage and leave, and `HelpWanted` where it
    would print its help."""

    def __init__(self, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        self._negative_number_matcher = _NEGATIVE

    def format_help(self) -> str:
        """Usage in one line where there are many options: they are listed below it anyway."""
        if self.usage is None and len(self._actions) > FEW:
            self.usage = self._short_usage()
        return super().format_help()

    def print_help(self, file: object = None) -> NoReturn:
        """Printed by whoever prints results, too, and with their exit codes: argparse says nothing
        of a stream that takes nothing."""
        raise HelpWanted(self.format_help().rstrip())

    def _short_usage(self) -> str:
        words = [self.prog]
        for action in self._actions:
            name = action.metavar or action.dest.upper()
            if not action.option_strings:
                words.append(f"[{name}]" if action.nargs == "?" else str(name))
            elif action.required:
                words.append(f"{action.option_strings[0]} {name}")
        return " ".join([*words, "[option …]"])

    def error(self, message: str) -> NoReturn:
        plain = _NOT_A_NUMBER.sub(_in_plain_words, message)
        raise UserError(f"{plain}{self._meant(message)} (see {self.prog} --help)")

    def _meant(self, message: str) -> str:
        """The option that a misspelt one comes nearest to; empty for every other complaint."""
        _, _, unknown = message.partition(_UNKNOWN)
        word = next((each for each in unknown.split() if each.startswith("--")), "")
        return did_you_mean(word.partition("=")[0], self._option_string_actions) if word else ""
