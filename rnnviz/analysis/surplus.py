"""Options that an analysis does not take, said under the names that whoever gave them knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rnnviz.trace import UserError


class SurplusOptions(UserError):
    """``surplus`` options were given to ``what``, which takes those that are ``known``."""

    def __init__(self, what: str, surplus: Sequence[str], known: Sequence[str], hint: str) -> None:
        self._what, self._surplus, self._known, self._hint = what, surplus, known, hint
        super().__init__(self.said(str))

    def said(self, name_of: Callable[[str], str]) -> str:
        """The message with the options under other names."""
        known = ", ".join(map(name_of, self._known))
        hint = self._hint or (f"its options are {known}" if known else "it has no options")
        return f"{self._what} takes no {', '.join(map(name_of, self._surplus))}; {hint}"


def check_options(what: str, given: Iterable[str], known: Sequence[str], hint: str = "") -> None:
    """Whether all options are among the known ones; ``hint`` says what to do instead.

    Raises:
        SurplusOptions: if not.
    """
    surplus = [name for name in given if name not in known]
    if surplus:
        # A callback can be given in Python only: whoever has slipped here means another option.
        raise SurplusOptions(what, surplus, [name for name in known if name != "progress"], hint)
