"""What is happening in each frame of a clip? One frame alone does not tell."""

from __future__ import annotations

from typing import final

import numpy as np

from rnnviz.tasks import canvas
from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data, Pictures, Rows
from rnnviz.tasks.logistic import logistic_accuracy
from rnnviz.tasks.motion import ACTIONS, STEPS, Clips
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec

VIDEO = TaskInfo(
    name="video",
    title="what is happening in each frame?",
    kind="aligned",
    source="clips of moving, bouncing and merging shapes drawn by the program",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=0.92,
)
CLASSES = Vocabulary(ACTIONS, words=True)

_SIDE = 12
_SHOWN = 80
_COUNT: dict[Split, int] = {"train": 3000, "held-out": 400}


@final
class VideoTask(SequenceTask):
    """Frames of 12 × 12 pixels; the label of a frame depends on the ones before it."""

    info = VIDEO
    counts = _COUNT
    outputs = CLASSES
    unit = "frames"

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="aligned",
            cell="gru",
            input_kind="vector",
            input_size=_SIDE * _SIDE,
            hidden_size=96,
            output_size=len(ACTIONS),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(
            learning_rate=0.003, schedule="cosine", batch_size=32, iterations=2500
        )

    def make(self, split: Split) -> Data:
        clips = Clips(_COUNT[split], np.random.default_rng((12, split == "train")))

        def draw(rows: Rows) -> Pictures:
            return canvas.to_bytes(clips.draw(_SHOWN, rows))

        return Data(
            x=frame_features(clips.draw(_SIDE)),
            targets=clips.labels,
            titles=[_story(labels) for labels in clips.labels],
            draw=draw,
        )

    def baseline(self) -> tuple[float, str]:
        """The same pixels, one frame at a time, without a memory."""
        parts = []
        for split, most in (("train", 1000), ("held-out", 400)):
            data = self.data("train" if split == "train" else "held-out")
            assert data.x is not None
            x, targets = data.x[:most], data.targets[:most]
            parts.append((x[targets >= 0], targets[targets >= 0]))
        accuracy = logistic_accuracy(parts[0], parts[1], len(ACTIONS))
        return accuracy, "logistic regression on single frames"


def frame_features(frames: canvas.Floats) -> canvas.Floats:
    """How far each pixel is from the paper: (T, n, h, w, 3) → (n, T, h · w)."""
    steps, n = frames.shape[:2]
    away = np.abs(frames - np.asarray(canvas.PAPER, np.float32)).max(axis=-1)
    result: canvas.Floats = np.moveaxis(away, 0, 1).reshape(n, steps, -1)
    return np.ascontiguousarray(result * 1.5)


def _story(labels: Rows) -> str:
    """The actions of a clip in order, each named once in a row."""
    kept = [int(a) for i, a in enumerate(labels) if a >= 0 and (i == 0 or a != labels[i - 1])]
    return ", ".join(ACTIONS[a] for a in kept) if kept else f"{STEPS} frames"
