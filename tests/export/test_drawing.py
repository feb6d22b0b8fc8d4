"""Pictures in files: real text, the clip of the screen, and a size that fits."""

import base64
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QApplication, QScrollArea, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from rnnviz.app.snapshot import save_window
from rnnviz.export.pictures import BUILDERS, state_picture, view_picture, view_state
from rnnviz.export.render import write_picture
from rnnviz.export.view_names import PASS_VIEWS
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.shapes import Label, Layer, Picture, Raster, Rect
from rnnviz.trace import UserError
from rnnviz.views.painter import Painter
from rnnviz.views.picture_view import PictureView
from tests.scene.traces import make_trace


def test_every_named_view_has_a_builder_and_no_other_has() -> None:
    assert tuple(BUILDERS) == PASS_VIEWS


@pytest.mark.usefixtures("qapp")
def test_words_stay_words_and_what_is_clipped_on_screen_is_clipped_in_the_file(
    tmp_path: Path,
) -> None:
    inside = Label(Rect(0, 0, 90, 20), "seen", 0xFF000000)
    picture = Picture(
        200.0, 40.0, 0xFFFFFFFF, (Layer((inside,), "key", Rect(0, 0, 50, 40)),), (), "a word"
    )
    write_picture(picture, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">seen</text>" in text
    assert "clipPath" in text
    assert "a word" in text


def test_the_inspector_and_the_strips_take_the_room_they_need_when_no_size_is_asked() -> None:
    trace = make_trace("hello")
    inspector = view_picture("inspector", trace, step=2)
    assert inspector.width < 500
    shapes = [shape for layer in inspector.layers for shape in layer.shapes]
    lowest = max(s.rect.bottom for s in shapes if isinstance(s, Label))
    assert lowest < inspector.height < lowest + 60
    strips = view_picture("strips", trace, step=2)
    assert strips.height == strips.needed < 1000  # type: ignore[attr-defined]  # StripsPicture
    assert view_picture("strips", trace, (640, 480)).height == 480


def test_a_view_of_a_state_keeps_its_sequence_and_cursor() -> None:
    trace = make_trace("abcde", batch=3)
    state = replace(view_state(trace, 2, "light", 900.0), row=2)
    picture = state_picture("strips", state, (900, 400))
    assert picture.state is state  # type: ignore[attr-defined]  # StripsPicture


def test_an_unknown_view_names_those_that_there_are() -> None:
    with pytest.raises(UserError, match="window, stage, graph, rolled"):
        view_picture("grph", make_trace("ab"), (400, 300))


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_a_window_with_tabs_and_a_scrolled_view_becomes_a_file(
    qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    window = QTabWidget()
    qtbot.addWidget(window)
    area = QScrollArea()
    view = PictureView(lambda s, w, h: view_picture("inspector", s.trace, (300, 900)), "view")
    area.setWidget(view)
    view.setFixedSize(300, 900)
    window.addTab(area, "one")
    window.addTab(QWidget(), "two")
    window.resize(320, 240)
    window.show()
    view.show(view_state(make_trace("hello"), 2, "light", 300.0))
    path = tmp_path / f"window.{ending}"
    save_window(window, path)
    assert path.stat().st_size > 1000
    if ending == "svg":
        text = path.read_text(encoding="utf-8")
        assert ">one</text>" in text
        assert "clipPath" in text


@pytest.mark.usefixtures("qapp")
def test_a_picture_that_no_memory_holds_is_refused_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = view_picture("graph", make_trace("ab"), (16384, 64))
    with pytest.raises(UserError, match="131,072 × 512"):
        write_picture(picture, tmp_path / "wide.png", 8.0)
    write_picture(picture, tmp_path / "wide.svg", 8.0)

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Painter, "compose", full)
    with pytest.raises(UserError, match="not enough memory"):
        write_picture(picture, tmp_path / "wide.png", 1.0)
    assert [path.name for path in tmp_path.iterdir()] == ["wide.svg"]


@pytest.mark.usefixtures("qapp")
def test_the_vectors_of_a_large_model_do_not_swell_a_vector_file(tmp_path: Path) -> None:
    picture = view_picture("graph", make_trace("hello", hidden=2000), (900, 400))
    write_picture(picture, tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert len(text) < 300_000
    assert "<image" in text
    assert ">hidden</text>" in text


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("view", ["stage", "inspector", "cell", "product"])
def test_no_view_of_a_usual_model_goes_into_a_file_as_thousands_of_rectangles(
    tmp_path: Path, view: str
) -> None:
    trace = make_trace("the quick brown fox jumps" * 4, cell="lstm", layers=2, hidden=128)
    picture = view_picture(view, trace, step=3)
    write_picture(picture, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert text.count("<path") < 1500
    assert len(text) < 1_500_000
    words = {s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)}
    assert all(f">{escape(word)}</text>" in text for word in words if word.isascii())


@pytest.mark.usefixtures("qapp")
def test_the_cells_of_a_heatmap_keep_sharp_edges_as_an_image(tmp_path: Path) -> None:
    """Viewers smooth what they enlarge: the pixels of a cell are already as many as it is wide."""
    values = np.indices((40, 60)).sum(axis=0) % 2 * 2.0 - 1.0
    raster = Raster(Rect(0, 0, 600, 400), values, ColorScale("diverging", -1.0, 1.0))
    write_picture(Picture(600.0, 400.0, 0xFFFFFFFF, (Layer((raster,)),)), tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    data = re.search(r"data:image/png;base64,([^\"]+)", text)
    assert data is not None
    image = QImage.fromData(base64.b64decode(data[1]))
    assert (image.width(), image.height()) == (1200, 800)
    assert image.pixel(19, 19) != image.pixel(20, 19)
    assert image.pixel(0, 0) == image.pixel(19, 19)


def test_a_vector_file_is_the_same_whatever_font_the_program_has(
    qapp: QApplication, tmp_path: Path
) -> None:
    picture, before, found = view_picture("graph", make_trace("hello"), (900, 400)), qapp.font(), []
    try:
        for family, size in (("Serif", 9), ("DejaVu Sans", 21)):
            qapp.setFont(QFont(family, size))
            write_picture(picture, tmp_path / "graph.svg")
            found.append((tmp_path / "graph.svg").read_bytes())
    finally:
        qapp.setFont(before)
    assert found[0] == found[1]
