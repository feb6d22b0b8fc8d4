"""Who decides how many threads NumPy's BLAS takes."""

import subprocess
import sys

from rnnviz.blas_threads import limit_blas_threads


def limit_in_a_fresh_interpreter(before: str) -> str:
    code = f"import os\n{before}\nimport rnnviz\nprint(os.environ.get('OPENBLAS_NUM_THREADS'))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_blas_gets_one_thread_when_nobody_has_said_otherwise() -> None:
    assert limit_in_a_fresh_interpreter("") == "1"


def test_the_users_own_number_is_kept() -> None:
    assert limit_in_a_fresh_interpreter("os.environ['OPENBLAS_NUM_THREADS'] = '4'") == "4"
    assert limit_in_a_fresh_interpreter("os.environ['OMP_NUM_THREADS'] = '3'") == "None"


def test_a_numpy_that_is_already_imported_is_left_alone() -> None:
    environ: dict[str, str] = {}
    import numpy  # noqa: F401  # that it is loaded is what matters

    assert not limit_blas_threads(environ)
    assert environ == {}
