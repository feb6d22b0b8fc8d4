"""Real speech: who says the vowel? Nine speakers, twelve channels (Kudo et al., 1999)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rnnviz.tasks.base import Split
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.packages import data_file
from rnnviz.tasks.vector_sequences import Floats, VectorSequences
from rnnviz.trace import UserError

SPEECH = Origin(
    name="speech",
    title="who is speaking? (two vowels, nine speakers)",
    source="JapaneseVowels (Kudo, Toyama and Shimbo, UCI), from the package aeon",
    licence="CC BY 4.0 (UCI), package BSD-3-Clause",
    modules=("aeon",),
)


def real_speech() -> VectorSequences:
    """The given training and test parts.

    Raises:
        UserError: if the package is missing or the files are not what they should be.
    """
    folder = ("datasets", "data", "JapaneseVowels")
    train = data_file("aeon", *folder, "JapaneseVowels_TRAIN.ts")
    held_out = data_file("aeon", *folder, "JapaneseVowels_TEST.ts")
    parts: dict[Split, tuple[list[Floats], list[str]]] = {
        "train": read_ts(train),
        "held-out": read_ts(held_out),
    }
    return VectorSequences(SPEECH, parts)


def read_ts(path: Path) -> tuple[list[Floats], list[str]]:
    """Sequences (T, D) and their classes of a file in the ``.ts`` format: one sequence a line,
    channels divided by colons, the class last.

    Raises:
        UserError: if a line has another form.
    """
    sequences, labels = [], []
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and line[0] not in "#@"]
    for line in lines:
        *channels, label = line.split(":")
        try:
            rows = [[float(value) for value in channel.split(",")] for channel in channels]
            sequences.append(np.array(rows, dtype=np.float32).T)
        except ValueError:
            raise UserError(f"{path} is not in the .ts format that was expected") from None
        labels.append(f"speaker {label.strip()}")
    return sequences, labels
