"""``python -m rnnviz``: the same program as the console script ``rnnviz``."""

import sys

from rnnviz.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
