"""A film has the frames it promises, and a cancelled one leaves the old file alone."""

from __future__ import annotations

import errno
import io
from dataclasses import replace
from pathlib import Path

import pytest

from rnnviz.export import animation
from rnnviz.export.animation import Film, animate
from rnnviz.export.framing import Framing
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.levels import Level
from rnnviz.scene.shapes import Label
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.trace import UserError
from tests.scene.traces import make_trace

pytestmark = pytest.mark.usefixtures("qapp")

FILM = Film(trace=make_trace("abc"), size=(360, 221), speed=8.0, frames_per_second=4, hold=0.5)


@pytest.mark.parametrize("ending", ["gif", "webp"])
def test_an_animated_image_plays_the_whole_pass(tmp_path: Path, ending: str) -> None:
    image = pytest.importorskip("PIL.Image")
    seen: list[tuple[int, int]] = []
    path = tmp_path / f"pass.{ending}"
    assert animate(FILM, path, lambda done, total: seen.append((done, total)) or True)
    assert seen[-1] == (FILM.frames, FILM.frames)
    with image.open(path) as film:
        assert film.size == (360, 220)
        # Frames that show the same may have been joined, the still end in particular.
        assert 3 <= film.n_frames <= FILM.frames


def test_a_video_plays_the_whole_pass(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "pass.mp4"
    assert animate(FILM, path)
    with av.open(str(path)) as film:
        assert sum(1 for _ in film.decode(video=0)) == FILM.frames


@pytest.mark.parametrize("ending", ["mp4", "gif", "webp"])
def test_a_full_disk_reaches_the_one_who_says_so(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av")
    pytest.importorskip("PIL")

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(animation, "write_atomically", lambda path, write: write(Full()))
    with pytest.raises(OSError, match="No space left"):
        animate(FILM, tmp_path / f"pass.{ending}")


def test_frames_differ_while_the_pass_goes_on() -> None:
    frames = list(FILM.pictures())
    assert len(frames) == FILM.frames
    assert (frames[0] != frames[2]).any()
    assert (frames[-1] == frames[-2]).all(), "the end stands still"


def test_the_unrolling_is_a_film_of_its_own() -> None:
    film = replace(FILM, view="unrolling")
    frames = list(film.pictures())
    assert len(frames) == film.frames
    assert (frames[0] == frames[1]).all(), "one cell at rest"
    assert (frames[-1] == frames[-2]).all(), "the whole sequence at rest"
    middle = frames[len(frames) // 2]
    assert (middle != frames[0]).any()
    assert (middle != frames[-1]).any()


@pytest.mark.parametrize("ending", ["gif", "webp", "mp4"])
def test_a_cancelled_film_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"pass.{ending}"
    path.write_bytes(b"old")
    assert not animate(FILM, path, lambda done, total: done < 2)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_work_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="avi"):
        animate(FILM, tmp_path / "a.avi")
    with pytest.raises(UserError, match="no moving view"):
        animate(Film(trace=FILM.trace, view="nothing"), tmp_path / "a.gif")
    for endless in (0.001, 1e-9, 5e-324):  # refused before a list of its frames fills the memory
        with pytest.raises(UserError, match="frames"):
            animate(Film(trace=FILM.trace, speed=endless), tmp_path / "a.gif")


def test_every_frame_has_the_size_of_the_film_though_a_panel_grows_with_what_it_says() -> None:
    film = replace(FILM, view="inspector", size=(300, 140))
    shapes = {frame.shape for frame in film.pictures()}
    assert shapes == {(140, 300, 3)}


def test_a_film_of_a_cell_gives_its_own_work_more_time() -> None:
    film, inner = replace(FILM, speed=2.0), replace(FILM, speed=2.0, view="cell")
    assert inner.frames > 1.4 * film.frames
    frames = list(inner.pictures())
    assert len(frames) == inner.frames
    assert (frames[-1] == frames[-2]).all()


def test_a_film_of_the_stage_takes_its_strips_level_and_choice() -> None:
    film = replace(FILM, view="stage", size=(600, 500))
    plain = next(film.pictures())
    for framing in (
        Framing(strips=StripLayout(order=("loss",))),
        Framing(strips=StripLayout(collapsed=frozenset({"h_l0"}))),
        Framing(level=Level("h_l0")),
        Framing(selected="h_l0@1"),
        Framing(unrolled=0.0),
        Framing(share=0.3),
    ):
        framed = next(replace(film, framing=framing).pictures())
        assert framed.shape == plain.shape
        assert (framed != plain).any(), framing


def test_a_film_begins_where_the_window_was_zoomed_to_and_follows_the_pass() -> None:
    trace = make_trace("abcdefghijklmnop")
    axis = TimeAxis(trace.columns, 118.0, 300.0, 0.0, 100.0)
    film = replace(FILM, trace=trace, size=(494, 300), framing=Framing(axis=axis), speed=40.0)
    scenes = list(film._scenes())
    first, later = (
        [s.text for layer in scene.layers for s in layer.shapes if isinstance(s, Label)]
        for scene in (scenes[0], scenes[len(scenes) // 3])
    )
    assert "h₁" in first
    assert "h₁₆" not in first
    assert "h₁" not in later, "the axis has followed the cursor"


def test_a_film_of_the_inspector_shows_all_that_it_says_in_every_frame() -> None:
    trace = make_trace("hello", cell="lstm", layers=2, hidden=8)
    film = Film(trace=trace, view="inspector", size=(380, 240), speed=20.0, frames_per_second=5)
    tall = Film(trace=trace, view="inspector", size=(380, 2000), speed=20.0, frames_per_second=5)
    for cramped, roomy in zip(film.pictures(), tall.pictures(), strict=True):
        assert cramped.shape == (240, 380, 3)
        # Where it says nothing in its last rows there is the ground alone, as in a high frame.
        ground = roomy[-1, -1]
        assert (cramped[-2:] == ground).all()
        assert (cramped != ground).any()
