"""The one error class for everything a user can cause."""


class UserError(Exception):
    """Bad input: a file, an option or a combination of settings that cannot work.

    The message is shown to the user as it is, in the window and on the command line
    (``rnnviz: error: …``, exit code 2). It says what is wrong, where, and what to do.
    """


class MissingArray(UserError, KeyError):
    """A pass was asked for an array that it does not have: traces written elsewhere may hold less.

    A `KeyError` too, since a trace is a mapping of names.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"the trace has no array {self.name!r}, which is needed here"
