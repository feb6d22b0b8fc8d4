"""The user's own arrays: ``x`` (N, T, D) with a class ``y`` (N,) each, from a .npz file, or one
long recording (T, D) in a .npy file whose next values are to be predicted.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.splitting import split_rows
from rnnviz.tasks.textfile import check_readable
from rnnviz.tasks.vector_sequences import Floats, VectorSequences, standardised
from rnnviz.trace import Labels, ModelSpec, UserError
from rnnviz.trace.archive import read_archive, read_array
from rnnviz.trace.files import FORMAT
from rnnviz.trace.record import Array

LIMIT_BYTES = 500_000_000
LIMIT_STEPS = 10_000
FEWEST_SEQUENCES = 10
SHOWN_NAMES = 8
_WINDOW = 32


def array_task(path: str) -> SequenceTask:
    """A classifier of sequences, or the next values of a recording.

    Raises:
        UserError: if the arrays have other names, shapes or types, or numbers are missing.
    """
    check_readable(Path(path), LIMIT_BYTES, "array file")
    name = Path(path).name
    if path.lower().endswith(".npy"):
        recording = _numbers(path, "the array", read_array(path))
        return NextValues(Origin(path, f"the next values of {name}", path), recording)
    archive = read_archive(path)
    if archive.meta.get("format") == FORMAT:
        raise UserError(
            f"{path} is a recorded pass and no data to learn from: open it with `rnnviz {path}`, "
            "or draw it with `rnnviz render`"
        )
    if set(archive.arrays) - {"lengths"} != {"x", "y"}:
        raise UserError(
            f"{path} holds {_some(sorted(archive.arrays))}; it must hold x (N, T, D) and y (N,)"
        )
    return _classifier(path, archive.arrays)


def _some(names: list[str]) -> str:
    """The names, the first few of many."""
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f"{', '.join(name[:40] for name in names[:SHOWN_NAMES])}{more}" or "nothing"


def _classifier(path: str, arrays: dict[str, Array]) -> VectorSequences:
    x, y = _numbers(path, "x", arrays["x"]), arrays["y"]
    if x.ndim == 2:
        x = x[..., np.newaxis]
    if x.ndim != 3 or 0 in x.shape or x.shape[1] > LIMIT_STEPS:
        raise UserError(f"{path}: x has shape {x.shape}; it must be (N, T, D), T ≤ {LIMIT_STEPS:,}")
    if y.shape != (len(x),) or not np.issubdtype(y.dtype, np.integer):
        raise UserError(f"{path}: y must be {len(x)} whole numbers, one class for each row of x")
    if len(x) < FEWEST_SEQUENCES:
        raise UserError(f"{path} has {len(x)} sequences; at least {FEWEST_SEQUENCES} are needed")
    lengths = arrays.get("lengths", np.full(len(x), x.shape[1]))
    if (
        lengths.shape != (len(x),)
        or not np.issubdtype(lengths.dtype, np.integer)
        or lengths.min() < 1
        or lengths.max() > x.shape[1]
    ):
        raise UserError(f"{path}: lengths must be {len(x)} whole numbers from 1 to {x.shape[1]}")
    width = len(str(int(y.max())))
    rows = split_rows(range(len(x)))
    parts: dict[Split, tuple[list[Floats], list[str]]] = {
        split: (
            [x[row, : lengths[row]] for row in chosen],
            [f"class {int(y[row]):{width}d}" for row in chosen],
        )
        for split, chosen in rows.items()
    }
    return VectorSequences(Origin(path, f"which class is it? ({Path(path).name})", path), parts)


def _numbers(path: str, name: str, array: Array) -> Floats:
    if array.dtype.kind not in "fiub":
        raise UserError(f"{path}: {name} holds {array.dtype}; it must hold real numbers")
    with np.errstate(over="ignore"):  # numbers beyond float32 become infinite and are refused
        numbers: Floats = array.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise UserError(f"{path}: {name} has missing or infinite numbers; fill them in first")
    return numbers


@final
class NextValues(SequenceTask):
    """Windows of 32 steps of one recording (T, D); its last fifth is held out."""

    unit = "steps"

    def __init__(self, origin: Origin, recording: NDArray[np.float32]) -> None:
        super().__init__()
        values = recording[:, np.newaxis] if recording.ndim == 1 else recording
        if values.ndim != 2 or len(values) < 5 * (_WINDOW + 1) or values.shape[1] == 0:
            raise UserError(
                f"{origin.source} has shape {recording.shape}; a recording is (T, D) with at least "
                f"{5 * (_WINDOW + 1)} steps (sequences with classes go into a .npz with x and y)"
            )
        self.info = origin.info("aligned", "mean squared error")
        cut = len(values) * 4 // 5
        scaled = standardised(values, values[:cut])
        self._values: dict[Split, Floats] = {"train": scaled[:cut], "held-out": scaled[cut:]}

    @property
    def architecture(self) -> ModelSpec:
        width = self._values["train"].shape[1]
        return ModelSpec(
            cell="gru",
            input_kind="vector",
            loss="squared-error",
            input_size=width,
            hidden_size=48,
            output_size=width,
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.005, batch_size=32, iterations=1000)

    def make(self, split: Split) -> Data:
        values = self._values[split]
        step = max(1, (len(values) - _WINDOW) // 5000) if split == "train" else _WINDOW
        starts = np.arange(0, len(values) - _WINDOW, step)
        index = starts[:, np.newaxis] + np.arange(_WINDOW)
        return Data(
            x=values[index],
            targets=values[index + 1],
            titles=[f"steps {start + 1:,} to {start + _WINDOW:,}" for start in starts],
        )

    def baseline(self) -> tuple[float, str]:
        data = self.data("held-out")
        assert data.x is not None
        return float(np.square(data.targets - data.x).mean()), "the last value again"

    def labels(self, batch: Batch) -> Labels:
        names = tuple(f"channel {i + 1}" for i in range(self._values["train"].shape[1]))
        return replace(super().labels(batch), symbols=names)
