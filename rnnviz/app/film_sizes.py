"""How large a film can be: the sizes of screens, and that of the stage as it stands."""

from __future__ import annotations

from dataclasses import dataclass

USUAL = "1920x1080"
"""The size of a first film: that of most projectors."""


@dataclass(frozen=True, slots=True)
class FilmSize:
    """`name` is what is remembered; `size` in logical pixels, `scale` pixels for each."""

    name: str
    size: tuple[int, int]
    scale: float = 1.0
    note: str = ""

    @property
    def words(self) -> str:
        """``1920 × 1080``: the pixels of a frame, both even as video needs them."""
        width, height = (round(side * self.scale) for side in self.size)
        return f"{width} × {height}{self.note}"


def film_sizes(screen: tuple[int, int]) -> tuple[FilmSize, ...]:
    """What can be chosen, for a stage that takes so many logical pixels on screen."""
    width, height = (side - side % 2 for side in screen)
    return (
        FilmSize("1280x720", (1280, 720)),
        FilmSize(USUAL, (1920, 1080)),
        FilmSize("2560x1440", (1280, 720), 2.0),
        FilmSize("3840x2160", (1920, 1080), 2.0),
        FilmSize("stage", (width, height), 1.0, ", as on screen"),
        FilmSize("stage-2", (width, height), 2.0, ", as on screen"),
    )
