"""The one error class for everything a user can cause."""


class UserError(Exception):
    """Bad input: a file, an option or a combination of settings that cannot work.

    The message is shown to the user as it is, in the window and on the command line
    (``rnnviz: error: …``, exit code 2). It says what is wrong, where, and what to do.
    """
