"""From the sequence into a cell and into a product: every word readable at every size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.breadcrumbs import CELL, GRAPH
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.equations_typeset import is_known
from rnnviz.scene.levels import Level, deeper, fitting, level_picture, outer
from rnnviz.scene.product_data import product_names
from rnnviz.scene.product_picture import ROW, product_picture
from rnnviz.scene.shapes import Cells, Equation, Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import DARK, LIGHT, Theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import crossed, faults, tight
from tests.scene.test_products import CHECKED

SIZES = [(560.0, 250.0), (710.0, 226.0), (760.0, 430.0), (990.0, 560.0), (2600.0, 1400.0)]


def trace_of(**options: Any) -> Trace:
    rng = np.random.default_rng(0)
    spec = ModelSpec(**{"input_size": 5, "hidden_size": 4, "output_size": 5, **options})
    net = Network.create(spec, rng=rng)
    tokens = rng.integers(0, spec.output_size, (4, 1))
    if spec.kind == "many-to-many":
        return net.trace(Batch(tokens=tokens, targets=tokens, decoder_tokens=tokens))
    return net.trace(Batch(tokens=tokens, targets=tokens))


def state_of(trace: Trace, column: int, theme: Theme = LIGHT, phase: Any = "forward") -> ViewState:
    timeline = Timeline(trace)
    position = timeline.last_of(timeline.index_of(phase, column)) + 1.0
    axis = TimeAxis.fitted(trace.columns, 118, 600)
    return ViewState(trace, timeline, cursor_at(timeline, position), axis, theme)


def levels_of(trace: Trace) -> list[Level]:
    found = [Level("logits", "hy")]
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            cell = f"{part.prefix}h_{layer}"
            names = product_names(trace.spec)
            found += [Level(cell), *(Level(cell, name) for name in names)]
    return found


def wrong(picture: Picture) -> list[str]:
    """Faults of the words, and equations that run over words or leave the picture."""
    found = faults(picture) + crossed(picture)
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    words = [tight(shape) for shape in shapes if isinstance(shape, Label)]
    for shape in shapes:
        if not isinstance(shape, Equation):
            continue
        if not is_known(shape.tex):
            found.append(f"{shape.tex} is not typeset beforehand")
        box = shape.rect.inset(0.5)
        if box.x < 0 or box.y < 0 or box.right > picture.width or box.bottom > picture.height:
            found.append(f"{shape.tex} leaves the picture at {box}")
        if any(box.overlaps(word) for word in words):
            found.append(f"{shape.tex} runs over a word at {box}")
    return found


def everywhere(trace: Trace, size: tuple[float, float], theme: Theme = LIGHT) -> list[str]:
    found = []
    for level in levels_of(trace):
        prefix = trace.spec.prefixes[-1] if level.is_output else level.cell.partition("h_")[0]
        part = next(p for p in trace.parts if p.prefix == prefix)
        columns = (part.start, part.stop - 1)
        for column in columns:
            for way in ("forward", "backward"):
                shown = level_picture(
                    state_of(trace, column, theme), *size, replace(level, way=way, unit=1)
                )
                found += [f"{level} at {column} {way}: {w}" for w in wrong(shown)]
    return found


@pytest.mark.parametrize("options", CHECKED, ids=lambda o: " ".join(map(str, o.values())))
def test_every_level_of_every_model_is_legible(options: dict) -> None:
    for size in SIZES:
        assert everywhere(trace_of(**options), size) == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("hidden", [1, 3, 100, 512])
@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_every_level_is_legible_at_every_width(cell: str, hidden: int, theme: Theme) -> None:
    trace = trace_of(cell=cell, hidden_size=hidden, input_size=65, output_size=65)
    for size in SIZES[:: 3 if hidden > 100 else 1]:
        assert everywhere(trace, size, theme) == []


def test_the_way_in_and_out_again() -> None:
    trace = trace_of(cell="gru", layers=2)
    state = state_of(trace, 2)
    cell = deeper(state, Level(), "h_l1@2")
    product = deeper(state, cell, "h_l1@2")
    assert cell == Level("h_l1")
    assert product == Level("h_l1", "hr")
    assert outer(product) == cell
    assert outer(cell) == Level()
    assert deeper(state, Level(), "logits@2") == Level("logits", "hy")
    assert outer(Level("logits", "hy")) == Level()
    assert deeper(state, Level(), "loss@2") == Level()


def test_another_model_keeps_as_much_of_the_level_as_it_has() -> None:
    state = state_of(trace_of(cell="lstm"), 1)
    assert fitting(state, Level("h_l0", "hz")) == Level("h_l0")
    assert fitting(state, Level("h_l1", "hf")) == Level()
    assert fitting(state, Level("h_l0", "hf", 900)).unit == 3


def test_breadcrumbs_lead_back_to_every_level_above() -> None:
    shown = level_picture(state_of(trace_of(), 1), 990, 430, Level("h_l0", "hh"))
    nodes = [hit.node for hit in shown.hits]
    assert GRAPH in nodes
    assert CELL in nodes
    assert "sequence › step 2 › vanilla cell › W_hh product" in shown.summary


def test_a_cell_has_its_neighbours_left_and_right() -> None:
    trace = trace_of(bidirectional=True)
    ahead = level_picture(state_of(trace, 1), 990, 430, Level("h_l0"))
    places = {hit.node: hit.rect for hit in ahead.hits if hit.node.startswith("go:")}
    assert places["go:0"].right < places["go:2"].x
    back = level_picture(state_of(trace, 1), 990, 430, Level("h_l0_reverse"))
    places = {hit.node: hit.rect for hit in back.hits if hit.node.startswith("go:")}
    assert places["go:2"].right < places["go:0"].x


def test_a_row_that_is_pointed_at_is_written_out() -> None:
    state = state_of(trace_of(), 1)
    first = level_picture(state, 990, 430, Level("h_l0", "hh", 0))
    third = level_picture(replace(state, hovered=f"{ROW}2"), 990, 430, Level("h_l0", "hh", 0))
    words = [s.text for s in third.layers[0].shapes if isinstance(s, Label)]
    assert any(text.startswith("row [3] of 4") for text in words)
    assert first.layers[0].key != third.layers[0].key


def test_in_the_backward_pass_the_transpose_is_shown() -> None:
    trace = trace_of()
    shown = level_picture(state_of(trace, 2, phase="backward"), 990, 430, Level("h_l0", "hh"))
    assert "backward" in shown.summary
    assert "forward" in level_picture(state_of(trace, 2), 990, 430, Level("h_l0", "hh")).summary


def test_a_product_follows_the_phase_of_the_cursor_and_begins_forward_when_all_is_done() -> None:
    trace = trace_of()
    for phase, word in (("forward", "forward"), ("backward", "backward")):
        state = state_of(trace, 2, phase=phase)
        shown = level_picture(state, 990.0, 560.0, Level("h_l0", "hh"))
        assert f", {word}," in shown.summary
    done = replace(state, cursor=cursor_at(state.timeline, len(state.timeline)))
    assert ", forward," in level_picture(done, 990.0, 560.0, Level("h_l0", "hh")).summary


def test_while_its_step_is_played_a_product_goes_on_row_by_row() -> None:
    trace = trace_of(hidden_size=6)
    level, heights = Level("h_l0", "hh"), []
    for phase in ("forward", "backward"):
        timeline = Timeline(trace)
        start = timeline.index_of(phase, 2, "state", "l0")
        rows = []
        for share in (0.1, 0.4, 0.75, 1.0):
            state = replace(state_of(trace, 2), cursor=cursor_at(timeline, start + share))
            shown = level_picture(state, 990.0, 560.0, level)
            rows.append(int(shown.summary.rpartition(" gives")[0].rpartition(" ")[2]))
            result = [s for s in shown.layers[0].shapes if isinstance(s, Cells)][-1]
            heights.append(len(result.values))
        assert rows == [1, 3, 5, 1]
        still = replace(state_of(trace, 2), cursor=cursor_at(timeline, start + 0.4), still=True)
        assert " 1 gives" in level_picture(still, 990.0, 560.0, level).summary
    assert heights == [1, 3, 5, 6] * 2
    pointed = replace(state_of(trace, 2), cursor=cursor_at(timeline, start + 0.4), hovered="row:4")
    assert " 5 gives" in level_picture(pointed, 990.0, 560.0, level).summary


@pytest.mark.parametrize(("way", "name"), [("forward", "row [2]"), ("backward", "row [2] in Wᵀ")])
def test_the_row_that_is_written_out_has_one_name_everywhere(way: str, name: str) -> None:
    state = state_of(trace_of(), 2)
    picture = product_picture(state, 990.0, 560.0, "h_l0@2", "hh", 1, way)
    words = [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    whole = name.replace("]", "] of 4", 1)
    assert any(text.startswith(f"{whole}, written out") for text in words)
    assert next(hit for hit in picture.hits if hit.node == "row:1").tip.startswith(f"{name}: ")
    assert not any("column" in text for text in [*words, picture.summary])
