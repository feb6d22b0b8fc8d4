#!/bin/sh
# Prints the first Python that can make the environment: 3.11 or newer, with venv and ensurepip.
# PYTHON=/path/to/python in the environment is tried first.
too_old=""
without_venv=""
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        too_old="$candidate is Python $version"
    elif ! "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        without_venv="$candidate"
    else
        command -v "$candidate"
        exit 0
    fi
done
if [ -n "$without_venv" ]; then
    echo "rnnviz: $without_venv cannot make virtual environments; install them with: sudo apt install python3-venv" >&2
elif [ -n "$too_old" ]; then
    echo "rnnviz: Python 3.11 or newer is needed, but $too_old; set PYTHON=/path/to/python3.11 or newer" >&2
else
    echo "rnnviz: no Python found; install one with: sudo apt install python3 python3-venv" >&2
fi
exit 1
