"""An argument parser whose complaints are one plain sentence."""

from __future__ import annotations

import argparse
from typing import NoReturn

from rnnviz.trace.errors import UserError


class Parser(argparse.ArgumentParser):
    """Raises `UserError` where argparse would print its usage and leave."""

    def __init__(self, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} (see {self.prog} --help)")
