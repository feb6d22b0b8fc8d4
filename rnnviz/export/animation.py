"""A played pass as a moving picture: GIF and WebP through Pillow, MP4 through PyAV."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.export.framing import Framing
from rnnviz.export.pictures import builder_of, view_state
from rnnviz.export.view_names import FILM_VIEWS, STAGE, UNROLLING
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.figure import figure_of, is_at_a_step
from rnnviz.scene.levels import Level, level_picture
from rnnviz.scene.playback import Playback
from rnnviz.scene.shapes import Picture
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.theme import ThemeName
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace, UserError
from rnnviz.trace.atomic import write_atomically
from rnnviz.views.application import application
from rnnviz.views.painter import Painter

Pixels = NDArray[np.uint8]
Progress = Callable[[int, int], bool]
"""Called with the frames done and the frames in all; returning False cancels."""

MOST_FRAMES = 5000
LARGEST_FRAME = 8_300_000
"""Pixels of a frame: 3840 × 2160."""
_INNER = ("cell", "product")
ENDINGS = (".gif", ".webp", ".mp4")
_LOOKED_AT = 300
"""Frames that are looked at to find the highest one."""
_EASY_SPEED = 4.0
_LONGEST_SECONDS = 15.0
_ROLLED_SECONDS, _UNROLLING_SECONDS = 1.0, 2.4


class _Cancelled(Exception):
    """Unwinds a half-written file, so that the old one stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What is played: a view of a pass at a speed in operations per second.

    Without a speed a short pass is played slowly enough to follow, a long one within 15 seconds.
    `size` is in logical pixels, `scale` the number of pixels for each, `row` the sequence of the
    batch; `framing` says how it is looked at, `product` which matrix the view ``product`` shows;
    `hold` is how many seconds the end stands still.
    """

    trace: Trace
    view: str = "graph"
    theme: ThemeName = "light"
    size: tuple[int, int] = (1000, 440)
    scale: float = 1.0
    row: int = 0
    framing: Framing = field(default_factory=Framing)
    product: str = ""
    speed: float | None = None
    frames_per_second: int = 20
    hold: float = 1.5

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return len(self._shares() if self.view == UNROLLING else self._positions())

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the strips for which its frames have no room."""
        return next(self._scenes()).left_out

    @property
    def easy_speed(self) -> float:
        """Operations per second at which one can follow, or that end a long pass in 15 seconds."""
        return max(_EASY_SPEED, len(Timeline(self.trace)) / _LONGEST_SECONDS)

    def _positions(self) -> list[float]:
        length = len(Timeline(self.trace))
        step = (self.speed or self.easy_speed) / self.frames_per_second
        if self.view in _INNER or (self.view == STAGE and self.framing.level.depth):
            return self._closely()
        # A film that is too long is refused for the count, and need not be laid out for it.
        count = int(min(length, MOST_FRAMES * step) / step) + 1 if step else MOST_FRAMES + 1
        still = round(self.hold * self.frames_per_second)
        return [min(number * step, float(length)) for number in range(1, count + 1)] + [
            float(length)
        ] * still

    def _closely(self) -> list[float]:
        """Positions as the window plays them while it shows the inside of a cell."""
        playback = Playback(Timeline(self.trace), self.speed or self.easy_speed)
        playback.play(1)
        found = []
        while playback.tick(1.0 / self.frames_per_second, inside=True):
            found.append(playback.position)
            if len(found) > MOST_FRAMES:
                break
        return found + found[-1:] * round(self.hold * self.frames_per_second)

    def _shares(self) -> list[float]:
        """Shares of the unrolling: the one cell at rest, the way, the whole sequence at rest."""
        rest, still = (
            round(seconds * self.frames_per_second) for seconds in (_ROLLED_SECONDS, self.hold)
        )
        count = max(round(_UNROLLING_SECONDS * self.frames_per_second), 2)
        way = [0.5 - 0.5 * math.cos(math.pi * n / (count - 1)) for n in range(count)]
        return [0.0] * rest + way + [1.0] * still

    def look(self) -> None:
        """Lay out the first frame.

        Raises:
            UserError: if something is asked for that the pass does not have.
        """
        next(self._scenes())

    def _share(self) -> float:
        """How much smaller than usual everything is drawn, from end to end: a panel grows with
        what it says, a film does not."""
        if self.view != "inspector":
            return 1.0
        every = self._positions()
        some = every[:: max(len(every) // _LOOKED_AT, 1)]
        tallest = max(picture.height for picture in self._scenes(some))
        return min(self.size[1] / tallest, 1.0)

    def _scenes(self, positions: Sequence[float] | None = None) -> Iterator[Picture]:
        width, height = map(float, self.size)
        state = view_state(self.trace, None, self.theme, width, self.row)
        state = self.framing.framed(state, width)
        if self.view == UNROLLING:
            for share in self._shares():
                picture = level_picture(state, width, height, Level(), share)
                yield figure_of(picture, at_step=False)
            return
        build, memo = builder_of(self.view, self.product), StripsMemo()
        for position in self._positions() if positions is None else positions:
            cursor = cursor_at(state.timeline, position)
            # As on screen the axis follows: it stays where it went.
            state = replace(state, cursor=cursor, axis=state.axis.showing(cursor.column))
            picture = build(state, width, height, self.framing, memo)
            yield figure_of(picture, at_step=is_at_a_step(state))

    def pictures(self) -> Iterator[Pixels]:
        """The frames as (height, width, 3) RGB, sides even as video needs them."""
        painter, share = Painter(), self._share()
        width, height = (side / share for side in self.size)
        for picture in self._scenes():
            if (picture.width, picture.height) != (width, height):
                picture = replace(picture, width=width, height=height)
            pixels = painter.compose(picture, self.scale * share).pixels
            rows, columns = (side - side % 2 for side in pixels.shape)
            packed = pixels[:rows, :columns]
            rgb = np.empty((rows, columns, 3), np.uint8)
            for channel, shift in enumerate((16, 8, 0)):
                rgb[..., channel] = (packed >> np.uint32(shift)) & np.uint32(0xFF)
            yield rgb


def animate(film: Film, path: Path, progress: Progress | None = None) -> bool:
    """Write the film; its ending (.gif, .webp, .mp4) says how. False if it was cancelled.

    An old file is replaced only by a complete one. Makes a QApplication if there is none.

    Raises:
        UserError: as `check_film`, and if the file cannot be written.
    """
    check_film(film, path)
    ending, total = path.suffix.lower(), film.frames

    def frames() -> Iterator[Pixels]:
        for number, pixels in enumerate(film.pictures(), 1):
            if progress is not None and not progress(number, total):
                raise _Cancelled
            yield pixels

    def write(file: IO[bytes]) -> None:
        if ending == ".mp4":
            _write_mp4(file, frames(), film.frames_per_second)
        else:
            _write_images(file, frames(), film.frames_per_second, ending)

    try:
        write_atomically(path, write)
    except _Cancelled:
        return False
    return True


def check_film(film: Film, path: Path) -> None:
    """Whether this film can be made, by its first frame. Makes a QApplication if there is none.

    Raises:
        UserError: if the ending, the view or a figure cannot work.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UserError(
            f"{path.name!r} is no film this program writes; end it in .gif, .webp or .mp4"
        )
    if film.view not in FILM_VIEWS:
        known = ", ".join(FILM_VIEWS)
        raise UserError(f"there is no moving view {film.view!r}; use one of {known}")
    if film.speed is not None and not 0 < film.speed < math.inf:
        raise UserError(
            f"the speed is {film.speed:g} operations per second; use a finite number above 0"
        )
    if not 1 <= film.frames_per_second <= 60:
        raise UserError(
            f"{film.frames_per_second} frames per second cannot be written; use 1 to 60"
        )
    if film.size[0] * film.size[1] * film.scale**2 > LARGEST_FRAME:
        raise UserError("the frames would be too large; use at most 8 million pixels")
    if film.frames > MOST_FRAMES:
        raise UserError(
            f"the film would have more than {MOST_FRAMES} frames; play it faster "
            "or with fewer frames per second"
        )
    application()
    film.look()


def _write_images(file: IO[bytes], frames: Iterator[Pixels], rate: int, ending: str) -> None:
    try:
        from PIL import Image
    except ImportError:
        raise UserError(
            f"{ending} needs Pillow; install it with: pip install 'rnnviz[export]'"
        ) from None
    gif = ending == ".gif"
    images = (Image.fromarray(pixels) for pixels in frames)
    # The duration of a GIF frame is counted in hundredths of a second.
    duration = max(round(100 / rate), 2) * 10 if gif else max(round(1000 / rate), 1)
    if gif:
        images = (image.quantize(128) for image in images)
    first = next(images)
    options: dict[str, Any] = {} if gif else {"quality": 80, "method": 2}
    first.save(
        file,
        "GIF" if gif else "WEBP",
        save_all=True,
        append_images=images,
        duration=duration,
        loop=0,
        **options,
    )


def _write_mp4(file: IO[bytes], frames: Iterator[Pixels], rate: int) -> None:
    try:
        import av
    except ImportError:
        raise UserError(".mp4 needs PyAV; install it with: pip install 'rnnviz[video]'") from None
    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    # Into memory first: PyAV has no good words for a disk that is full.
    film = io.BytesIO()
    with av.open(film, "w", format="mp4") as container:
        # PyAV's annotation does not tell a video stream by its codec's name.
        stream: Any = container.add_stream(codec, rate=Fraction(rate))
        first = next(frames)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        if codec == "libx264":
            stream.options = {"crf": "18", "preset": "fast"}
        else:
            stream.bit_rate = 6_000_000
        for pixels in chain([first], frames):
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    file.write(film.getbuffer())
