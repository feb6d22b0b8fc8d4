"""``python main.py``: rnnviz from a checkout; the same program as ``rnnviz``."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.stderr.write("rnnviz: error: Python 3.11 or newer is needed; `make run` finds one\n")
        sys.exit(2)
    try:
        from rnnviz.__main__ import start
    except KeyboardInterrupt:  # before anybody listens for it
        sys.stderr.write("rnnviz: error: interrupted\n")
        sys.exit(130)

    start()
