"""The program: ``python -m rnnviz``, the console script ``rnnviz`` and ``main.py`` start here."""

from rnnviz import ctrl_c


def start() -> None:
    """Run the command line of this process and leave with its exit code.

    Raises:
        SystemExit: always.
    """
    ctrl_c.listen(ctrl_c.leave_at_once)
    from rnnviz.cli.main import main

    try:
        ctrl_c.listen(ctrl_c.interrupt)
        code = main()
    except KeyboardInterrupt:  # once more, while the first was being told
        code = ctrl_c.exit_code()
    ctrl_c.finish(code)


if __name__ == "__main__":
    start()
