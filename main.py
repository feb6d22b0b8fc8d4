"""``python main.py``: rnnviz from a checkout; the same program as ``rnnviz``."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit("rnnviz: error: Python 3.11 or newer is needed; `make run` finds one")
    try:
        from rnnviz.cli.main import main
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "rnnviz":
            raise
        sys.exit(f"rnnviz: error: {missing.name} is not installed here; use `make run` instead")
    sys.exit(main())
